//! What surrounds every request: headers, refusals, limits, the page.

use axum::body::Body;
use axum::http::Request;

use crate::harness::{Desk, request};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let desk = Desk::new().await;
    for uri in ["/", "/page/main.js", "/healthz", "/api/v1/status", "/nowhere"] {
        let answer = desk.get(uri, None).await;
        let csp = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(csp.contains("default-src 'self'") && csp.contains("frame-ancestors 'none'"), "{uri}: {csp}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert!(answer.headers.contains_key("cache-control"));
        assert!(!answer.headers.contains_key("tikmeter-simulated"));
    }
}

#[tokio::test]
async fn simulated_data_say_so_everywhere() {
    let desk = Desk::simulated().await;
    for uri in ["/", "/healthz", "/api/v1/status", "/nowhere"] {
        assert_eq!(desk.get(uri, None).await.headers["tikmeter-simulated"], "true", "{uri}");
    }
    assert_eq!(desk.see("/api/v1/status").await["simulated"], true);
    assert!(desk.get("/metrics", Some(&desk.viewer)).await.body.contains("tikmeter_simulated 1"));
}

#[tokio::test]
async fn the_page_needs_no_token_and_has_its_types() {
    let desk = Desk::new().await;
    for (uri, media_type) in [
        ("/", "text/html"),
        ("/page/page.css", "text/css"),
        ("/page/main.js", "text/javascript"),
        ("/page/icon.svg", "image/svg+xml"),
    ] {
        let answer = desk.get(uri, None).await.expect(200);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with(media_type), "{uri}");
    }
}

#[tokio::test]
async fn health_and_readiness_need_no_token_and_tell_no_detail() {
    let desk = Desk::new().await;
    assert_eq!(desk.get("/healthz", None).await.expect(200).body, "ok\n");
    assert_eq!(desk.get("/readyz", None).await.expect(200).body, "ready\n");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let desk = Desk::new().await;
    let missing = desk.get("/api/v1/nothing", Some(&desk.admin)).await.expect(404);
    assert_eq!(missing.headers["content-type"], "application/problem+json");
    assert_eq!((missing.text("type"), missing.text("title")), ("about:blank".into(), "Not Found".into()));
    let router = server::router(desk.state.clone());
    let wrong = tower::ServiceExt::oneshot(router, request("PUT", "/api/v1/status", Some(&desk.admin), None))
        .await
        .unwrap();
    assert_eq!(wrong.status(), 405);
    assert_eq!(wrong.headers()["content-type"], "application/problem+json");
    assert!(wrong.headers().contains_key("allow"));
}

#[tokio::test]
async fn bodies_are_bounded_typed_and_understood() {
    let desk = Desk::new().await;
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000));
    desk.post("/api/v1/plans", &large).await.expect(413);
    desk.post("/api/v1/plans", "{").await.expect(400);
    let untyped = Request::builder()
        .method("POST")
        .uri("/api/v1/plans")
        .header("authorization", format!("Bearer {}", desk.admin));
    desk.send(untyped.body(Body::from(r#"{"name":"a"}"#)).unwrap()).await.expect(415);
    let unknown = desk.post("/api/v1/plans", r#"{"name":"a","colour":"red"}"#).await.expect(422);
    assert!(unknown.text("detail").contains("colour"), "{}", unknown.body);
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let desk = Desk::new().await;
    let with = |name: &str, value: &str| {
        let mut request = request("POST", "/api/v1/plans", Some(&desk.admin), Some(r#"{"name":"home"}"#));
        request.headers_mut().insert("host", "meter:8081".parse().unwrap());
        request.headers_mut().insert(name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap());
        request
    };
    desk.send(with("sec-fetch-site", "cross-site")).await.expect(403);
    desk.send(with("origin", "http://evil.example")).await.expect(403);
    assert!(desk.see("/api/v1/plans").await["items"].as_array().unwrap().is_empty());
    desk.send(with("origin", "http://meter:8081")).await.expect(201);
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_names_its_problems() {
    let desk = Desk::new().await;
    let document = desk.see("/api/openapi.json").await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document, serde_json::to_value(server::openapi()).unwrap());
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    for name in &references {
        assert!(schemas.contains_key(name), "{name} is referred to and not there");
    }
    assert!(references.iter().any(|name| name == "ProblemBody"));
}

fn collect(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
            Some(target) if name == "$ref" => {
                names.extend(target.strip_prefix("#/components/schemas/").map(str::to_owned))
            }
            _ => collect(value, names),
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}
