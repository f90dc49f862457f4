//! What a failed write proves (hazard A16).

use linx_http::{Applied, Endpoint, ErrorKind, StaticHeader};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::scripted::{Answer, Scripted, answer, builder, clock, cut, engine};

const TOLD: &str = r#"{"message":"no"}"#;
const PAGE: &str = "<html><title>no</title></html>";

fn create(records: usize) -> Endpoint<Value> {
    Endpoint::post("things").json(&json!({})).carrying(records)
}

/// What a create comes to that is answered like this, and how often it was sent.
async fn after(records: usize, answered: Answer) -> (Applied, usize) {
    let transport = Scripted::answers([answered]);
    let error = engine(&transport).send(&create(records)).await.unwrap_err();
    (error.was_applied(), transport.count())
}

#[tokio::test]
async fn a16_a_refusal_of_many_proves_nothing_of_any() {
    for status in [302, 303, 307, 400, 401, 403, 404, 409, 413, 422, 500] {
        assert_eq!(after(25, answer(status, TOLD)).await, (Applied::Unknown, 1), "{status}");
    }
}

#[tokio::test]
async fn a16_a_refusal_of_one_record_in_the_services_own_form_is_proof() {
    for status in [400, 403, 404, 405, 406, 409, 410, 415, 422] {
        assert_eq!(after(1, answer(status, TOLD)).await, (Applied::No, 1), "{status}");
        let page = after(1, answer(status, PAGE)).await;
        assert_eq!(
            page,
            (Applied::Unknown, 1),
            "{status} as a page of something in between"
        );
        assert_eq!(
            after(1, answer(status, "")).await,
            (Applied::Unknown, 1),
            "{status} without a body"
        );
    }
}

#[tokio::test]
async fn a16_what_something_in_between_answers_is_no_proof() {
    for status in [
        301, 302, 303, 307, 308, 401, 407, 408, 413, 421, 425, 431, 451, 499, 500, 501, 502, 504, 511, 520,
    ] {
        assert_eq!(after(1, answer(status, TOLD)).await, (Applied::Unknown, 1), "{status}");
    }
}

#[tokio::test]
async fn a16_a_create_is_not_sent_again_with_a_new_token_after_401() {
    struct Renewing(StaticHeader);
    #[async_trait::async_trait]
    impl linx_http::Credentials for Renewing {
        async fn headers(&self) -> Result<Vec<(http::HeaderName, http::HeaderValue)>, linx_http::Error> {
            self.0.headers().await
        }
        async fn renew(&self, _: &[(http::HeaderName, http::HeaderValue)]) -> Result<bool, linx_http::Error> {
            Ok(true)
        }
    }
    let key = StaticHeader::new("x-key", "", &SecretString::from("a long secret")).unwrap();
    let credentials = Arc::new(Renewing(key));
    for (request, sent) in [
        (create(1), 1),
        (create(25), 1),
        (Endpoint::put("things"), 2),
        (Endpoint::get("x"), 2),
    ] {
        let transport = Scripted::new(|_| answer(401, TOLD));
        let engine = builder(Arc::clone(&transport) as _, &clock())
            .credentials(credentials.clone())
            .build()
            .unwrap();
        let error = engine.send(&request).await.unwrap_err();
        assert_eq!(
            (error.kind(), transport.count()),
            (ErrorKind::Unauthorized, sent),
            "{request:?}"
        );
    }
}

#[tokio::test]
async fn a16_a_success_that_does_not_tell_of_the_record_is_no_proof() {
    for body in ["", "<html>Please accept our terms</html>", "{"] {
        assert_eq!(after(1, answer(200, body)).await, (Applied::Unknown, 1), "{body}");
    }
}

#[tokio::test]
async fn a1_an_unknown_create_says_that_it_may_be_stored_and_not_try_again() {
    for lost in [cut(), answer(503, ""), answer(302, "")] {
        let transport = Scripted::answers([lost]);
        let error = engine(&transport).send(&create(1)).await.unwrap_err();
        let text = error.to_string();
        assert!(!error.is_transient(), "{text}");
        assert!(
            text.contains("may be stored") && text.contains("read before sending"),
            "{text}"
        );
        assert!(!text.contains("try again"), "{text}");
    }
    let transport = Scripted::new(|_| answer(503, ""));
    assert!(
        engine(&transport)
            .send(&Endpoint::<Value>::get("x"))
            .await
            .unwrap_err()
            .is_transient()
    );
}
