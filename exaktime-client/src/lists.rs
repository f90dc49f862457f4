//! Lists of both halves: rows that are read by the profile's names, page after page.

use std::sync::Arc;

use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Engine, List, Paging};
use serde_json::value::RawValue;

use crate::client::Client;
use crate::object::ReadObject;
use crate::pagination::{NumberedPaging, ODataPaging};

impl Client {
    /// Returns a list of the REST half. `id` tells its rows apart; `id_key` is the property that names a row that
    /// could not be read.
    pub(crate) fn rest_list<T: Send + 'static>(
        &self,
        list: Endpoint<Raw>,
        read: ReadObject<T>,
        id: fn(&T) -> String,
        id_key: &str,
    ) -> List<T> {
        let paging = NumberedPaging {
            wire: self.wire().list.clone(),
        };
        self.list_of(self.rest(), Arc::new(paging), list, read, id)
            .id_key(id_key)
    }

    /// Returns a list of the OData half. `id` tells its rows apart; `id_key` is the column that names a row that could
    /// not be read.
    pub(crate) fn odata_list<T: Send + 'static>(
        &self,
        list: Endpoint<Raw>,
        read: ReadObject<T>,
        id: fn(&T) -> String,
        id_key: &str,
    ) -> List<T> {
        let paging = ODataPaging::of(&list, self.wire().odata.rows);
        self.list_of(self.odata(), Arc::new(paging), list, read, id)
            .id_key(id_key)
    }

    fn list_of<T: Send + 'static>(
        &self,
        engine: &Engine,
        paging: Arc<dyn Paging>,
        list: Endpoint<Raw>,
        read: ReadObject<T>,
        id: fn(&T) -> String,
    ) -> List<T> {
        let wire = self.wire().clone();
        let read = move |row: &RawValue| {
            let object = serde_json::from_str(row.get()).map_err(|_| "the row is no object".to_owned())?;
            read(&object, &wire)
        };
        List::new(engine.clone(), paging, list, Arc::new(read), id)
    }
}
