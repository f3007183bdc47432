//! The web admin's files. Whether this build has them or not, an address below /admin gives a page that holds no data.

use crate::harness::{Answer, Desk};

async fn page(desk: &Desk, uri: &str) -> Answer {
    let answer = desk.get(uri, None).await.expect(200);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8", "{uri}");
    answer
}

#[tokio::test]
async fn every_place_of_the_admin_is_its_page_for_whoever_asks() {
    let desk = Desk::new().await;
    let start = page(&desk, "/admin").await.body;
    for uri in ["/admin/", "/admin/live?who=ana", "/admin/subscribers/a%2Fb", "/admin/network/data-usage"] {
        assert_eq!(page(&desk, uri).await.body, start, "{uri}");
    }
}

#[tokio::test]
async fn its_policy_allows_nothing_that_is_not_from_here_and_it_has_nothing_inline() {
    let desk = Desk::new().await;
    let answer = page(&desk, "/admin").await;
    let csp = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(csp.contains("default-src 'self'") && csp.contains("frame-ancestors 'none'"), "{csp}");
    assert!(!csp.contains("unsafe"), "{csp}");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["cache-control"], "no-cache");
    let html = &answer.body;
    assert_eq!(
        html.matches("<script").count(),
        html.matches("<script type=\"module\" crossorigin src=\"/admin/assets/").count()
    );
    assert!(!html.contains("<style") && !html.contains("style=") && !html.contains("//"), "{html}");
}

#[tokio::test]
async fn what_it_loads_is_here_and_kept_for_a_year() {
    let desk = Desk::new().await;
    let html = page(&desk, "/admin").await.body;
    for named in html.split('"').filter(|quoted| quoted.starts_with("/admin/assets/")) {
        let answer = desk.get(named, None).await.expect(200);
        assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable", "{named}");
    }
    let gone = desk.get("/admin/assets/gone-1.js", None).await.expect(404);
    assert_eq!(gone.headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn addresses_of_the_api_below_it_stay_the_apis() {
    let desk = Desk::new().await;
    desk.get("/admin/api/user-traffic", None).await.expect(401);
    desk.get("/admin/api/user-traffic", Some(&desk.viewer)).await.expect(200);
    desk.get("/admin/api/nothing", Some(&desk.viewer)).await.expect(404);
    desk.post("/admin/live", "{}").await.expect(405);
}
