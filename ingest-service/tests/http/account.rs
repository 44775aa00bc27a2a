use crate::service::{ACCOUNT, Service, answer, new_id};
use crate::tap::Tap;

#[tokio::test]
async fn a_body_of_another_account_is_refused_and_not_published() {
    let service = Service::ready().await;
    let mut tap = Tap::leads().await;
    let (theirs, ours) = (new_id(), new_id());
    let refused = r#"403 {"error":"other_account"}"#;
    let body = format!("account[id]=7&account[subdomain]=example&leads[add][0][id]={theirs}");
    assert_eq!(answer(service.hook(body).await).await, refused);
    let body = format!("account[subdomain]=other&leads[add][0][id]={theirs}");
    assert_eq!(answer(service.hook(body).await).await, refused);

    let body = format!("account[id]={ACCOUNT}&account[subdomain]=renamed&leads[add][0][id]={ours}");
    assert_eq!(answer(service.hook(body).await).await, "200 ");
    let first =
        tap.next(|delivery| [Some(theirs), Some(ours)].contains(&crate::tap::lead_of(delivery))).await;
    assert_eq!(crate::tap::lead_of(&first), Some(ours));
}
