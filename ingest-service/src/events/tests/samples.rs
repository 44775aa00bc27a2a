//! Hooks as AmoCRM sends them, in layouts of several years. Names, hosts and ids are invented.

/// A stage change in the layout of 2016: the entity first, no pipeline, no account id.
pub const STATUS_2016: &str = "\
leads[status][0][id]=31926001
leads[status][0][name]=Some test lead
leads[status][0][status_id]=10216001
leads[status][0][price]=1000
leads[status][0][responsible_user_id]=102002
leads[status][0][last_modified]=1465471432
leads[status][0][modified_user_id]=102002
leads[status][0][created_user_id]=102002
leads[status][0][date_create]=1465471400
leads[status][0][custom_fields][0][id]=1119001
leads[status][0][custom_fields][0][name]=Some text field
leads[status][0][custom_fields][0][values][0][value]=some text
leads[status][0][old_status_id]=10216002
account[subdomain]=demo";

/// A change of the responsible person in the same layout.
pub const RESPONSIBLE_2016: &str = "\
leads[responsible][0][id]=31926001
leads[responsible][0][name]=Some test lead
leads[responsible][0][status_id]=10216001
leads[responsible][0][last_modified]=1465471432
leads[responsible][0][old_status_id]=10216002
leads[responsible][0][old_responsible_user_id]=102001
account[subdomain]=demo";

/// A stage change of 2021: tags, a date as a bare value, selects, the account last.
pub const STATUS_2021: &str = "\
leads[status][0][id]=30267001
leads[status][0][name]=Demo lead 3
leads[status][0][status_id]=16525002
leads[status][0][old_status_id]=16525001
leads[status][0][price]=1
leads[status][0][responsible_user_id]=1764001
leads[status][0][last_modified]=1615985846
leads[status][0][modified_user_id]=1760001
leads[status][0][created_user_id]=1764001
leads[status][0][date_create]=1615894221
leads[status][0][pipeline_id]=788001
leads[status][0][tags][0][id]=482001
leads[status][0][tags][0][name]=Test
leads[status][0][account_id]=31000001
leads[status][0][custom_fields][0][id]=491001
leads[status][0][custom_fields][0][name]=Serial
leads[status][0][custom_fields][0][values][0][value]=1
leads[status][0][custom_fields][1][id]=481001
leads[status][0][custom_fields][1][name]=Due date
leads[status][0][custom_fields][1][values][0]=1615845600
leads[status][0][custom_fields][2][id]=496001
leads[status][0][custom_fields][2][name]=Condition
leads[status][0][custom_fields][2][values][0][value]=Worn
leads[status][0][custom_fields][2][values][0][enum]=959001
leads[status][0][created_at]=1615894221
leads[status][0][updated_at]=1615985846
account[subdomain]=example
account[id]=31000001
account[_links][self]=https://example.amocrm.ru";

/// A deletion of 2025, the whole body as it stood on the wire: the account first, three ids.
pub const DELETE_2025_RAW: &str = "account%5Bsubdomain%5D=example&account%5Bid%5D=31000001&\
account%5B_links%5D%5Bself%5D=https%3A%2F%2Fexample.amocrm.ru&leads%5Bdelete%5D%5B0%5D%5Bid%5D=30052001&\
leads%5Bdelete%5D%5B0%5D%5Bstatus_id%5D=17944001&leads%5Bdelete%5D%5B0%5D%5Bpipeline_id%5D=936001";

/// A contact of 2025.
pub const CONTACT_2025: &str = "\
account[subdomain]=example
account[id]=31000001
account[_links][self]=https://example.amocrm.ru
contacts[update][0][id]=37054001
contacts[update][0][name]=Иван Тестов
contacts[update][0][responsible_user_id]=10000001
contacts[update][0][date_create]=1748289231
contacts[update][0][last_modified]=1748292937
contacts[update][0][linked_leads_id][32000001][ID]=32000001
contacts[update][0][linked_leads_id][32000002][ID]=32000002
contacts[update][0][custom_fields][0][id]=735001
contacts[update][0][custom_fields][0][name]=Должность
contacts[update][0][custom_fields][0][values][0][value]=Инженер
contacts[update][0][custom_fields][0][code]=POSITION
contacts[update][0][custom_fields][1][id]=735002
contacts[update][0][custom_fields][1][name]=Телефон
contacts[update][0][custom_fields][1][values][0][value]=+79000000001
contacts[update][0][custom_fields][1][values][0][enum]=718001
contacts[update][0][custom_fields][1][code]=PHONE
contacts[update][0][custom_fields][2][id]=735003
contacts[update][0][custom_fields][2][name]=Email
contacts[update][0][custom_fields][2][values][0][value]=ivan@example.test
contacts[update][0][custom_fields][2][values][0][enum]=718002
contacts[update][0][custom_fields][2][code]=EMAIL
contacts[update][0][old_responsible_user_id]=10000001
contacts[update][0][created_at]=1748289231
contacts[update][0][updated_at]=1748292937
contacts[update][0][type]=contact";

/// A company comes as a contact.
pub const COMPANY_2016: &str = "\
contacts[add][0][id]=52379001
contacts[add][0][name]=компания тест
contacts[add][0][group_id]=35001
contacts[add][0][type]=company
account[subdomain]=demo";

/// A birthday as text, and a choice without an index.
pub const CHOICES: &str = "\
contacts[add][0][id]=52379002
contacts[add][0][custom_fields][2][values][0][value]=12.01.1980
contacts[add][0][custom_fields][4][values][value]=2
contacts[add][0][custom_fields][4][values][enum]=566642";

/// Two deals in one body, an emoji, reserved characters, a bare date, a choice without an index, a field
/// without a value. Made by the same encoder, not captured.
pub const BATCH_RAW: &str = "account%5Bsubdomain%5D=demo&account%5Bid%5D=31000001&\
account%5B_links%5D%5Bself%5D=https%3A%2F%2Fdemo.amocrm.ru&leads%5Bstatus%5D%5B0%5D%5Bid%5D=101&\
leads%5Bstatus%5D%5B0%5D%5Bname%5D=%D0%A1%D0%B4%D0%B5%D0%BB%D0%BA%D0%B0+%F0%9F%94%A5+%E2%84%961+%26+\
%22%D0%90%22+%5Bx%5D%3D100%25&leads%5Bstatus%5D%5B0%5D%5Bstatus_id%5D=142&\
leads%5Bstatus%5D%5B0%5D%5Bold_status_id%5D=7001&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B0%5D%5Bid%5D=11&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B0%5D%5Bvalues%5D%5B0%5D=1689282000&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bid%5D=12&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bvalues%5D%5Bvalue%5D=%D0%94%D0%B0&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bvalues%5D%5Benum%5D=566642&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B2%5D%5Bid%5D=13&\
leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B2%5D%5Bcode%5D=UTM_MEDIUM&\
leads%5Bstatus%5D%5B1%5D%5Bid%5D=102&leads%5Bstatus%5D%5B1%5D%5Bstatus_id%5D=143";
