//! The account that the demonstration and most tests work in.

use chrono::FixedOffset;

use super::model::{
    Account, Directory, Field, FieldId, FieldKind, LOST, Pipeline, PipelineId, Stage, User, UserId, WON,
};

pub const ACCOUNT: i64 = 31_000_001;
pub const SUBDOMAIN: &str = "demo";
pub const TOKEN: &str = "simulated-long-lived-token";

pub const OLGA: UserId = 504_001;
pub const OLEG: UserId = 504_002;
pub const MARINA: UserId = 504_003;

pub const PIPELINE: PipelineId = 3_177_001;
pub const UNSORTED: Stage = Stage::new(PIPELINE, 32_392_001);
pub const NEW: Stage = Stage::new(PIPELINE, 32_392_002);
pub const MEASUREMENT: Stage = Stage::new(PIPELINE, 32_392_003);
pub const PRODUCTION: Stage = Stage::new(PIPELINE, 32_392_004);
pub const SOLD: Stage = Stage::new(PIPELINE, WON);
pub const REFUSED: Stage = Stage::new(PIPELINE, LOST);

pub const ADDRESS: FieldId = 294_001;
pub const ORDER_NUMBER: FieldId = 294_002;
pub const ZONE: FieldId = 294_003;
pub const PRODUCT: FieldId = 294_004;
pub const DEALER: FieldId = 294_011;
pub const COMMENT: FieldId = 294_005;
pub const PHONE: FieldId = 735_002;
pub const EMAIL: FieldId = 735_003;

const MOSCOW_SECONDS: i32 = 3 * 60 * 60;

pub(super) fn directory() -> Directory {
    Directory {
        account: account(),
        users: vec![
            user(OLGA, "Ольга Смирнова", "olga@demo.test"),
            user(OLEG, "Олег Петров", "oleg@demo.test"),
            user(MARINA, "Марина Волкова", "marina@demo.test"),
        ],
        pipelines: vec![Pipeline { is_main: true, ..pipeline() }],
        lead_fields: lead_fields(),
        contact_fields: contact_fields(),
    }
}

fn account() -> Account {
    Account {
        id: ACCOUNT,
        name: "Окна Плюс".to_owned(),
        subdomain: SUBDOMAIN.to_owned(),
        current_user: OLGA,
        timezone: "Europe/Moscow".to_owned(),
        utc_offset: FixedOffset::east_opt(MOSCOW_SECONDS).expect("three hours is a valid offset"),
    }
}

fn user(id: UserId, name: &str, email: &str) -> User {
    User {
        id,
        name: name.to_owned(),
        email: email.to_owned(),
        phone: None,
        is_active: true,
        is_admin: id == OLGA,
    }
}

fn pipeline() -> Pipeline {
    let stages = [(NEW.status, "Новая"), (MEASUREMENT.status, "Замер"), (PRODUCTION.status, "Производство")];
    Pipeline::new(PIPELINE, "Продажи", UNSORTED.status, &stages)
}

fn lead_fields() -> Vec<Field> {
    vec![
        Field::new(ADDRESS, "Адрес", FieldKind::Text),
        Field::new(ORDER_NUMBER, "Номер заказа", FieldKind::Text),
        Field::new(ZONE, "Зона", FieldKind::Select).choices(&[
            (475_001, "Север"),
            (475_002, "Юг"),
            (475_003, "Запад"),
            (475_004, "Восток"),
        ]),
        Field::new(PRODUCT, "Изделие", FieldKind::Text),
        Field::new(DEALER, "Дилер", FieldKind::Text),
        Field::new(COMMENT, "Комментарий", FieldKind::Textarea),
        Field::new(294_006, "Дата замера", FieldKind::Date),
        Field::new(294_007, "Оплачено", FieldKind::Checkbox),
        Field::new(294_008, "Тип дома", FieldKind::Radiobutton)
            .choices(&[(475_011, "Квартира"), (475_012, "Дом")]),
        Field::new(294_009, "Услуги", FieldKind::Multiselect)
            .choices(&[(475_021, "Доставка"), (475_022, "Монтаж")]),
        Field::new(294_010, "utm_medium", FieldKind::TrackingData).code("UTM_MEDIUM"),
    ]
}

fn contact_fields() -> Vec<Field> {
    vec![
        Field::new(735_001, "Должность", FieldKind::Text).code("POSITION"),
        Field::new(PHONE, "Телефон", FieldKind::Multitext).code("PHONE").kinds(&[
            (718_001, "WORK"),
            (718_002, "WORKDD"),
            (718_003, "MOB"),
            (718_004, "FAX"),
            (718_005, "HOME"),
            (718_006, "OTHER"),
        ]),
        Field::new(EMAIL, "Email", FieldKind::Multitext).code("EMAIL").kinds(&[
            (718_011, "WORK"),
            (718_012, "PRIV"),
            (718_013, "OTHER"),
        ]),
    ]
}
