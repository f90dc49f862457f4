use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{HeaderName, Request};
use linx_http::pagination::{LinkPaging, Page, Paging};
use linx_http::{Completeness, Endpoint, Error, ErrorKind, Guarded, List, ListBounds, Raw, Transport};
use serde::Deserialize;
use url::Url;

use crate::scripted::{Answer, Scripted, answer, builder, clock, cut, engine, with};

#[derive(Debug, Deserialize, PartialEq)]
struct Row {
    id: u64,
}

fn list(transport: &Arc<Scripted>) -> List<Row> {
    let paging = Arc::new(LinkPaging { per_page: 1000 });
    List::of_json(engine(transport), paging, Endpoint::get("rows"), |row: &Row| {
        row.id.to_string()
    })
}

fn number(request: &Request<Bytes>, name: &str) -> u64 {
    let query = request.uri().query().unwrap_or_default();
    let pair = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    pair.unwrap().parse().unwrap()
}

/// What differs from a well-behaved server.
struct Server {
    rows: Vec<u64>,
    cap: u64,
    header_case: fn(&str) -> String,
    total: fn(u64, u64) -> Option<u64>,
}

impl Server {
    fn of(rows: u64) -> Self {
        Self {
            rows: (1..=rows).collect(),
            cap: 100,
            header_case: str::to_owned,
            total: |rows, _| Some(rows),
        }
    }

    fn page(&self, request: &Request<Bytes>) -> Answer {
        let (page, size) = (number(request, "page"), number(request, "per_page").min(self.cap));
        let first = usize::try_from((page - 1) * size).unwrap();
        let rows: Vec<String> = self
            .rows
            .iter()
            .skip(first)
            .take(usize::try_from(size).unwrap())
            .map(|id| format!(r#"{{"id":{id}}}"#))
            .collect();
        let all = u64::try_from(self.rows.len()).unwrap();
        let mut response = http::Response::builder();
        let link = |page: u64, rel: &str| format!("</base/rows?page={page}&per_page={size}>; rel=\"{rel}\"");
        let mut links = Vec::new();
        if page > 1 {
            links.push(link(page - 1, "prev"));
        }
        if page * size < all {
            links.push(link(page + 1, "next"));
        }
        if !links.is_empty() {
            let name = (self.header_case)("Link").parse::<HeaderName>().unwrap();
            response = response.header(name, links.join(", "));
        }
        if let Some(total) = (self.total)(all, page) {
            response = response.header((self.header_case)("Total"), total);
        }
        Ok(response.body(Bytes::from(format!("[{}]", rows.join(",")))).unwrap())
    }

    fn start(self) -> Arc<Scripted> {
        Scripted::new(move |request| self.page(request))
    }
}

fn ids(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a4_a_lowered_page_size_loses_no_row() {
    let transport = Server {
        cap: 7,
        ..Server::of(50)
    }
    .start();
    let listing = list(&transport).collect().await.unwrap();
    assert_eq!(ids(&listing.rows), (1..=50).collect::<Vec<_>>());
    assert!(listing.proves_absence());
    assert_eq!((listing.completeness, transport.count()), (Completeness::Complete, 8));
}

#[tokio::test]
async fn a4_a_page_size_lowered_half_way_loses_no_row() {
    let mut server = Server::of(950);
    let transport = Scripted::new(move |request| {
        if number(request, "page") == 5 {
            server.cap = 30;
        }
        server.page(request)
    });
    let listing = list(&transport).collect().await.unwrap();
    assert_eq!(listing.completeness, Completeness::Complete);
    let mut ids = ids(&listing.rows);
    ids.sort_unstable();
    assert_eq!(ids, (1..=950).collect::<Vec<_>>());
}

/// Counts the requests that are under way at once.
struct Crowded {
    server: Server,
    now: AtomicU64,
    most: AtomicU64,
}

#[async_trait::async_trait]
impl Transport for Crowded {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        // Later pages come sooner than earlier ones.
        for _ in 0..(30 - number(&request, "page").min(30)) {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.server.page(&request)
    }
}

#[tokio::test]
async fn pages_are_fetched_side_by_side_and_handed_over_in_order() {
    let transport = Arc::new(Crowded {
        server: Server::of(2450),
        now: AtomicU64::new(0),
        most: AtomicU64::new(0),
    });
    let engine = builder(transport.clone(), &clock()).build().unwrap();
    let paging = Arc::new(LinkPaging { per_page: 1000 });
    let list = List::of_json(engine, paging, Endpoint::get("rows"), |row: &Row| row.id.to_string());
    let listing = list.collect().await.unwrap();
    assert_eq!(listing.completeness, Completeness::Complete);
    assert_eq!(ids(&listing.rows), (1..=2450).collect::<Vec<_>>());
    assert_eq!(transport.most.load(Ordering::SeqCst), 8);
}

#[tokio::test]
async fn without_a_total_or_a_numbered_link_pages_are_followed_one_by_one() {
    let transport = Server {
        total: |_, _| None,
        ..Server::of(250)
    }
    .start();
    assert_eq!(list(&transport).collect().await.unwrap().rows.len(), 250);
    let pages = [
        with(
            200,
            &[("link", r#"</base/rows?after=b>; rel="next""#), ("total", "3")],
            r#"[{"id":1}]"#,
        ),
        with(200, &[("link", r#"</base/rows?after=c>; rel="next""#)], r#"[{"id":2}]"#),
        with(200, &[], r#"[{"id":3}]"#),
    ];
    // The total of the first page stands for the last one, which tells nothing.
    let transport = Scripted::answers(pages);
    let listing = list(&transport).collect().await.unwrap();
    assert_eq!((ids(&listing.rows), transport.count()), (vec![1, 2, 3], 3));
}

#[tokio::test]
async fn a5_headers_are_found_in_any_case() {
    for header_case in [str::to_lowercase as fn(&str) -> String, str::to_uppercase] {
        let transport = Server {
            header_case,
            ..Server::of(250)
        }
        .start();
        assert_eq!(list(&transport).collect().await.unwrap().rows.len(), 250);
    }
}

#[tokio::test]
async fn a3_rows_that_move_are_read_again() {
    // While the first reading is between its pages, row 1 is deleted: row 101 slips to the page that was read.
    let asked = AtomicU64::new(0);
    let mut server = Server::of(200);
    let transport = Scripted::new(move |request| {
        if asked.fetch_add(1, Ordering::SeqCst) == 1 {
            server.rows.remove(0);
        }
        server.page(request)
    });
    let listing = list(&transport).collect().await.unwrap();
    assert_eq!(listing.completeness, Completeness::Complete);
    assert_eq!(ids(&listing.rows), (2..=200).collect::<Vec<_>>());
    assert_eq!(transport.count(), 4);
}

#[tokio::test]
async fn a3_a_list_that_never_rests_is_incomplete() {
    let mut server = Server::of(190);
    let transport = Scripted::new(move |request| {
        server.rows.remove(0);
        server.page(request)
    });
    let listing = list(&transport).collect().await.unwrap();
    assert!(
        matches!(&listing.completeness, Completeness::Incomplete(why) if why.contains("185 rows at its first page and 184 at another"))
    );
    assert!(!listing.proves_absence());
    assert_eq!(transport.count(), 6);
}

#[tokio::test]
async fn a6_a_total_that_lies_or_is_absent_is_a_check_and_not_the_bound() {
    let absent = Server {
        total: |_, _| None,
        ..Server::of(250)
    }
    .start();
    assert_eq!(
        list(&absent).collect().await.unwrap().completeness,
        Completeness::Complete
    );
    let low = Server {
        total: |rows, _| Some(rows - 1),
        ..Server::of(250)
    }
    .start();
    let listing = list(&low).collect().await.unwrap();
    assert_eq!(
        listing.rows.len(),
        250,
        "a next link is followed even when Total rows are in hand"
    );
    assert!(matches!(listing.completeness, Completeness::Incomplete(_)));
    let lone = Scripted::answers([with(200, &[("total", "1")], r#"[{"id":1}]"#)]);
    assert_eq!(
        list(&lone).collect().await.unwrap().completeness,
        Completeness::Complete
    );
}

/// Pages by links, of which one with a single row can only be the last.
struct ShortIsLast(LinkPaging);

impl Paging for ShortIsLast {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        self.0.first(list)
    }

    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error> {
        let page = self.0.read(base, asked, answer)?;
        Ok(if page.rows.len() == 1 { page.closing() } else { page })
    }
}

#[tokio::test]
async fn a3_rows_after_a_page_that_can_only_be_the_last_leave_the_list_incomplete() {
    for (rows_of_pages, is_whole) in [
        (&[2, 2, 1][..], true),
        (&[2, 1], true),
        (&[1, 0, 0], true),
        (&[1, 2, 2], false),
        (&[2, 1, 0, 2], false),
        (&[2, 1, 1], false),
    ] {
        let mut id = 0;
        let transport = Scripted::new(move |request| {
            let page = usize::try_from(number(request, "page")).unwrap();
            let rows: Vec<String> = (0..rows_of_pages[page - 1])
                .map(|_| {
                    id += 1;
                    format!(r#"{{"id":{id}}}"#)
                })
                .collect();
            let follows = if page < rows_of_pages.len() { "next" } else { "prev" };
            let link = format!("</base/rows?page={}>; rel={follows}", page + 1);
            with(200, &[("link", &link)], &format!("[{}]", rows.join(",")))
        });
        let paging = Arc::new(ShortIsLast(LinkPaging { per_page: 2 }));
        let list = List::of_json(engine(&transport), paging, Endpoint::get("rows"), |row: &Row| {
            row.id.to_string()
        });
        let listing = list.collect().await.unwrap();
        assert_eq!(
            listing.completeness == Completeness::Complete,
            is_whole,
            "{rows_of_pages:?}"
        );
    }
}

/// Why a list is not whole, read from a server that gives these pages again and again.
async fn why_incomplete(pages: Vec<Answer>) -> String {
    let pages: Vec<_> = pages.into_iter().map(Result::unwrap).collect();
    let mut turn = 0;
    let transport = Scripted::new(move |_| {
        turn += 1;
        Ok(pages[(turn - 1) % pages.len()].clone())
    });
    let listing = list(&transport).collect().await.unwrap();
    assert!(!listing.proves_absence());
    match listing.completeness {
        Completeness::Complete => panic!("the list is believed"),
        Completeness::Incomplete(why) => why,
    }
}

#[tokio::test]
async fn a17_a_page_without_link_and_total_is_not_known_to_be_the_last() {
    for rows in [r#"[{"id":1}]"#, "[]", r#"[{"id":1},{"id":2},{"id":3}]"#] {
        let why = why_incomplete(vec![answer(200, rows)]).await;
        assert!(why.contains("neither `Link` nor `Total`"), "{why}");
        let why = why_incomplete(vec![with(200, &[("total", "many")], rows)]).await;
        assert!(why.contains("neither"), "{why}");
    }
}

#[tokio::test]
async fn a17_headers_that_are_lost_half_way_leave_the_list_incomplete() {
    let next = r#"</base/rows?page=2>; rel="next""#;
    let first = || with(200, &[("link", next)], r#"[{"id":1}]"#);
    let why = why_incomplete(vec![first(), answer(200, r#"[{"id":2}]"#)]).await;
    assert!(why.contains("neither"), "{why}");
    // The total of the first page holds where the second has lost its link to the third.
    let counted = with(200, &[("link", next), ("total", "3")], r#"[{"id":1}]"#);
    let why = why_incomplete(vec![counted, answer(200, r#"[{"id":2}]"#)]).await;
    assert!(why.contains("counts 3 rows and 2"), "{why}");
}

#[tokio::test]
async fn a3_rows_of_one_id_that_differ_are_an_error() {
    let body = r#"[{"id":1,"name":"A"},{"id":7,"name":"B"},{"id":7,"name":"C"}]"#;
    let transport = Scripted::new(move |_| with(200, &[("total", "2")], body));
    let error = list(&transport).collect().await.unwrap_err();
    assert_eq!((error.kind(), transport.count()), (ErrorKind::IncompleteList, 3));
    assert!(error.to_string().contains("the id 7 came, and they differ"), "{error}");
    let same = Scripted::new(|_| with(200, &[("total", "2")], r#"[{"id":1},{"id":7},{"id":7}]"#));
    let listing = list(&same).collect().await.unwrap();
    assert_eq!((ids(&listing.rows), same.count()), (vec![1, 7], 1));
    assert_eq!(listing.completeness, Completeness::Complete);
}

#[tokio::test]
async fn a6_a_stream_that_ends_before_its_total_ends_with_an_error() {
    for pages in [
        vec![with(200, &[("total", "3")], r#"[{"id":1},{"id":2}]"#)],
        vec![with(200, &[("total", "1")], r#"[{"id":1},{"id":2}]"#)],
        vec![answer(200, r#"[{"id":1},{"id":2}]"#)],
    ] {
        let list = list(&Scripted::answers(pages));
        let mut rows = list.rows();
        for id in [1, 2] {
            assert_eq!(rows.try_next().await.unwrap(), Some(Guarded::Row(Row { id })));
        }
        assert_eq!(rows.try_next().await.unwrap_err().kind(), ErrorKind::IncompleteList);
        assert_eq!(rows.try_next().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a18_a_total_without_end_plans_no_endless_requests() {
    let transport = Server {
        total: |_, _| Some(u64::MAX),
        ..Server::of(250)
    }
    .start();
    let listing = list(&transport).collect().await.unwrap();
    assert!(matches!(listing.completeness, Completeness::Incomplete(_)));
    // Three readings of three pages, and those that were under way when the links ended.
    assert!(transport.count() <= 3 * 3 + 10, "{}", transport.count());
}

#[tokio::test]
async fn a18_a_list_without_end_is_ended_by_pages_rows_or_time() {
    let hour = std::time::Duration::from_hours(1);
    for (bounds, word) in [
        (ListBounds::new(5, 1000, hour), "5 pages"),
        (ListBounds::new(1000, 7, hour), "7 rows"),
        (ListBounds::new(1000, 1000, hour), "3600 s"),
    ] {
        let (clock, mut page) = (clock(), 1);
        let passing = Arc::clone(&clock);
        let transport = Scripted::new(move |_| {
            page += 1;
            passing.advance(std::time::Duration::from_mins(1));
            let next = format!("</base/rows?after={page}>; rel=\"next\"");
            with(200, &[("link", &next)], &format!(r#"[{{"id":{page}}}]"#))
        });
        let engine = builder(Arc::clone(&transport) as _, &clock).build().unwrap();
        let paging = Arc::new(LinkPaging { per_page: 1000 });
        let list = List::of_json(engine, paging, Endpoint::get("rows"), |row: &Row| row.id.to_string());
        let error = list.bounds(bounds).collect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::EndlessList);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn a18_a_list_that_just_keeps_to_its_bounds_is_read_whole() {
    // Four pages of three rows, of which each takes a minute.
    let minutes = std::time::Duration::from_mins;
    let almost = std::time::Duration::from_secs(4 * 60 - 1);
    for (bounds, is_whole) in [
        (ListBounds::new(4, 12, minutes(4)), true),
        (ListBounds::new(3, 12, minutes(4)), false),
        (ListBounds::new(4, 11, minutes(4)), false),
        (ListBounds::new(4, 12, almost), false),
    ] {
        let server = Server {
            cap: 3,
            total: |_, _| None,
            ..Server::of(12)
        };
        let clock = clock();
        let passing = Arc::clone(&clock);
        let transport = Scripted::new(move |request| {
            passing.advance(minutes(1));
            server.page(request)
        });
        let engine = builder(transport, &clock).build().unwrap();
        let paging = Arc::new(LinkPaging { per_page: 1000 });
        let list = List::of_json(engine, paging, Endpoint::get("rows"), |row: &Row| row.id.to_string());
        match list.bounds(bounds).collect().await {
            Ok(listing) => assert!(is_whole && listing.rows.len() == 12, "{bounds:?}"),
            Err(error) => assert!(!is_whole && error.kind() == ErrorKind::EndlessList, "{bounds:?}"),
        }
    }
}

/// Every page is empty and names another one.
#[tokio::test]
async fn a18_a_list_of_pages_without_rows_ends_after_a_few_of_them() {
    let mut page = 1;
    let transport = Scripted::new(move |_| {
        page += 1;
        let next = format!("</base/rows?after={page}>; rel=\"next\"");
        with(200, &[("link", &next)], "[]")
    });
    let error = list(&transport).collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EndlessList);
    assert!(error.to_string().contains("pages without a row"), "{error}");
    assert!(transport.count() < 30, "{}", transport.count());
}

/// Some empty pages between others are none of the list's end.
#[tokio::test]
async fn a6_rows_after_pages_without_any_are_read() {
    for (apart, is_whole) in [(6, true), (21, true), (22, false)] {
        let transport = Scripted::new(move |request| {
            let page = request
                .uri()
                .query()
                .and_then(|query| query.rsplit_once("after=")?.1.parse().ok());
            let page: u64 = page.unwrap_or(0);
            let next = format!("</base/rows?after={}>; rel=\"next\"", page + 1);
            let headers: &[(&str, &str)] = if page < 2 * apart { &[("link", &next)] } else { &[] };
            let row = format!(r#"[{{"id":{page}}}]"#);
            with(200, headers, if page.is_multiple_of(apart) { &row } else { "[]" })
        });
        match list(&transport).collect().await {
            Ok(listing) => assert!(is_whole && listing.rows.len() == 3, "{apart}"),
            Err(error) => assert!(!is_whole && error.kind() == ErrorKind::EndlessList, "{apart}"),
        }
    }
}

#[tokio::test]
async fn a6_a_page_that_repeats_is_an_error() {
    let next = |page: u64| format!("</base/rows?page={page}&per_page=100>; rel=\"next\"");
    let same_rows =
        Scripted::new(move |request| with(200, &[("link", &next(number(request, "page") + 1))], r#"[{"id":1}]"#));
    assert_eq!(
        list(&same_rows).collect().await.unwrap_err().kind(),
        ErrorKind::EndlessList
    );
    let mut id = 0;
    let circle = Scripted::new(move |request| {
        id += 1;
        with(
            200,
            &[("link", &next(3 - number(request, "page")))],
            &format!(r#"[{{"id":{id}}}]"#),
        )
    });
    assert_eq!(
        list(&circle).collect().await.unwrap_err().kind(),
        ErrorKind::EndlessList
    );
}

#[tokio::test]
async fn a7_a_next_page_on_another_origin_is_an_error() {
    for target in [
        "https://evil.example/base/rows?page=2",
        "http://api.example/base/rows",
        "https://api.example:444/rows",
    ] {
        let transport = Scripted::answers([with(
            200,
            &[("link", &format!("<{target}>; rel=next"))],
            r#"[{"id":1}]"#,
        )]);
        let error = list(&transport).collect().await.unwrap_err();
        assert_eq!(
            (error.kind(), transport.count()),
            (ErrorKind::ForeignLink, 1),
            "{target}"
        );
    }
}

#[tokio::test]
async fn a11_one_unreadable_row_is_kept_apart_and_the_others_go_on() {
    let body = r#"[{"id":1},{"id":"x"},{"name":"Ana Delgado"},{"id":-5},{"id":2}]"#;
    let transport = Scripted::new(move |_| with(200, &[("total", "5")], body));
    let listing = list(&transport).collect().await.unwrap();
    assert_eq!(ids(&listing.rows), [1, 2]);
    assert_eq!(listing.completeness, Completeness::Complete);
    assert!(!listing.proves_absence());
    let unreadable: Vec<_> = listing.unreadable.iter().map(|row| row.id.as_deref()).collect();
    assert_eq!(unreadable, [Some("x"), None, Some("-5")]);
    assert!(!format!("{:?}", listing.unreadable).contains("Ana"));
}

#[tokio::test]
async fn a11_a_cut_page_is_asked_for_again() {
    let mut first = true;
    let server = Server::of(150);
    let transport = Scripted::new(move |request| {
        if number(request, "page") == 2 && std::mem::take(&mut first) {
            cut()
        } else {
            server.page(request)
        }
    });
    assert_eq!(list(&transport).collect().await.unwrap().rows.len(), 150);
}

#[tokio::test]
async fn rows_stream_page_by_page() {
    let transport = Server::of(250).start();
    let list = list(&transport);
    assert!(format!("{list:?}").contains("rows"), "what is asked for is shown");
    let mut rows = list.rows();
    assert_eq!(rows.try_next().await.unwrap(), Some(Guarded::Row(Row { id: 1 })));
    assert_eq!(
        transport.count(),
        1,
        "the second page is not asked for before it is needed"
    );
    assert_eq!(rows.try_collect::<Vec<_>>().await.unwrap().len(), 249);
}

/// Answers the second page after the third, and inserts a row among those of the second in between.
struct Inserting(std::sync::Mutex<Server>, std::sync::atomic::AtomicBool);

#[async_trait::async_trait]
impl Transport for Inserting {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        let page = number(&request, "page");
        if page == 2 {
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        }
        let mut server = self.0.lock().unwrap();
        let answer = server.page(&request);
        if page == 3 && !self.1.swap(true, Ordering::SeqCst) {
            server.rows.insert(150, 9999);
        }
        answer
    }
}

#[tokio::test]
async fn a3_a_row_that_is_inserted_among_pages_on_their_way_hides_none() {
    let transport = Arc::new(Inserting(std::sync::Mutex::new(Server::of(250)), false.into()));
    let engine = builder(transport.clone(), &clock()).build().unwrap();
    let paging = Arc::new(LinkPaging { per_page: 1000 });
    let list = List::of_json(engine, paging, Endpoint::get("rows"), |row: &Row| row.id.to_string());
    let listing = list.collect().await.unwrap();
    let missing: Vec<u64> = (1..=250).filter(|id| !ids(&listing.rows).contains(id)).collect();
    assert!(
        missing.is_empty() || !listing.proves_absence(),
        "{missing:?} missing in a list that says that it is whole"
    );
}
