//! Lists that prove completeness: every row, or the reason why it cannot be said (hazards A3 to A7).

mod link_header;
mod list;

pub use list::{Completeness, Guarded, LinkPaging, List, Listing, Page, Paging, ReadRow};
