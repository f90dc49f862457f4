//! What happened, in words.

use linx_core::model::Attribute;

use crate::world::Request;

pub fn request(request: &Request) -> String {
    match request {
        Request::Create(entries) => {
            let entry = |(content, _): &(linx_core::model::EntryContent, String)| {
                format!("{} h of worker {} on {}", content.hours, content.worker, content.date)
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("create {}", entries.join(", "))
        }
        Request::Update(id, content, _) => {
            format!(
                "set entry {id} to {} h of worker {} on {}",
                content.hours, content.worker, content.date
            )
        }
        Request::Delete(id) => format!("delete entry {id}"),
        Request::OpenTimesheet(project, date) => format!("open a timesheet of project {project} on {date}"),
        Request::Make(kind, attributes) => {
            let number = attributes.get(Attribute::Identifier).unwrap_or("without a number");
            format!("make {kind:?} {number}")
        }
        Request::Set(kind, id, writes) => {
            let write =
                |(name, to): &(Attribute, Option<String>)| format!("{name} = {}", to.as_deref().unwrap_or("nothing"));
            let writes: Vec<String> = writes.iter().map(write).collect();
            format!("set {} of {kind:?} {id}", writes.join(", "))
        }
    }
}
