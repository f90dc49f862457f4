//! Documents as a self-contained page: no scripts, nothing loaded from elsewhere, light and dark.

use minijinja::value::Serde;
use minijinja::{Environment, context};

use super::document::Document;
use crate::error::CliError;

const PAGE: &str = include_str!("page.html");

/// Returns the page. Every text in it is escaped.
pub fn render(document: &Document) -> Result<String, CliError> {
    let mut environment = Environment::new();
    // The ending of the name turns escaping on.
    environment
        .add_template("page.html", PAGE)
        .and_then(|()| environment.get_template("page.html"))
        .and_then(|page| page.render(context! { document => Serde(document) }))
        .map_err(|error| CliError::failed("the page cannot be made").caused_by(error))
}

#[cfg(test)]
mod tests {
    use super::super::document::{Block, Group, Table, Tone};
    use super::*;

    #[test]
    fn the_page_escapes_and_loads_nothing() {
        let document = Document::new("Plan <of> \"a\" sync").with([
            Block::heading("Changes"),
            Block::text(Tone::Warn, "</style><script>alert(1)</script>"),
            Block::Table(Table {
                head: vec!["Kind".into(), "Create\nnow".into()],
                rows: vec![vec!["<b>".into(), "1".into()]],
                text_columns: 1,
            }),
            Block::Group(Group {
                mark: "ok".into(),
                lead: "Sign-in".into(),
                notes: vec!["a & b".into()],
                items: vec!["x < y".into()],
                ..Group::default()
            }),
        ]);
        let page = render(&document).unwrap();
        assert!(page.contains("Plan &lt;of&gt; &quot;a&quot; sync"));
        assert!(page.contains("a &amp; b") && page.contains("x &lt; y") && page.contains("&lt;b&gt;"));
        for forbidden in ["<script", "http:", "https:", "src=", "@import", "url("] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("prefers-color-scheme: dark"));
    }
}
