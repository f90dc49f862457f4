//! The form that all groups of names have.

/// A group of names, each with its default; what a configuration leaves out keeps it. After a semicolon stand names
/// that an account may lack, and lacks unless configured.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($field:ident = $text:literal),+ $(,)? $(; $($maybe:ident),+)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                #[doc = concat!("`", $text, "` unless configured otherwise.")]
                pub $field: String,
            )+
            $($(
                /// None unless configured.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $maybe: Option<String>,
            )+)?
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $text.to_owned(),)+ $($($maybe: None,)+)? }
            }
        }

        impl $name {
            /// Every name that an account must have, by its field.
            pub(crate) fn each(&mut self) -> Vec<(&'static str, &mut String)> {
                vec![$((stringify!($field), &mut self.$field)),+]
            }
        }
    };
}
