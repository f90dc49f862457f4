//! The ids of a code, which stay when it is called otherwise (hazard C18).

use crate::model::{Coding, ProjectCodeId, WbsCodeId};

/// The code that a coding names, by its ids.
pub(super) type CodeId = (Option<ProjectCodeId>, Option<WbsCodeId>);

/// `None` where a coding names none.
pub(super) fn code_of(coding: &Coding) -> Option<CodeId> {
    let code = (coding.cost_code, coding.wbs_code);
    (code != (None, None)).then_some(code)
}
