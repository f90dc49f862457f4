//! A document in the form of `OpenAPI`, asked whether requests and answers are as it says.

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value, json};

/// The document, asked about requests and answers.
pub struct Document {
    source: Value,
    components: Value,
}

impl Document {
    pub fn new(source: Value) -> Self {
        Self {
            components: translated(&source["components"]),
            source,
        }
    }

    /// The operation that a request is, by the path template that fits; a literal fits before a parameter.
    pub fn operation(&self, request: &Request<Bytes>) -> Option<(String, &Value)> {
        let method = request.method().as_str();
        let path: Vec<&str> = request.uri().path().split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == path.len()
                && parts
                    .iter()
                    .zip(&path)
                    .all(|(part, here)| part.starts_with('{') || part == here)
        };
        let paths = self.source["paths"].as_object().unwrap();
        let template = paths
            .keys()
            .filter(|template| fits(template))
            .min_by_key(|template| template.matches('{').count())?;
        let operation = paths[template].get(method.to_lowercase())?;
        Some((format!("{method} {template}"), operation))
    }

    pub fn faults_of_query(&self, operation: &Value, request: &Request<Bytes>) -> Vec<String> {
        let empty = Vec::new();
        let declared: Vec<&Value> = operation["parameters"]
            .as_array()
            .unwrap_or(&empty)
            .iter()
            .map(|one| self.resolved(one))
            .collect();
        let sent: Vec<(String, String)> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        // `filters[x][]` is the list form of a declared `filters[x]`.
        let is = |parameter: &Value, name: &str| {
            let list = parameter["schema"]["type"] == "array"
                && name.strip_suffix("[]").is_some_and(|bare| parameter["name"] == bare);
            parameter["in"] == "query" && (parameter["name"] == name || list)
        };
        let mut faults = Vec::new();
        for (name, value) in &sent {
            match declared.iter().find(|parameter| is(parameter, name)) {
                None => faults.push(format!("query parameter {name} is not declared")),
                Some(parameter) => faults.extend(
                    self.faults(&schema_of_text(&parameter["schema"]), &typed(value))
                        .into_iter()
                        .map(|fault| format!("query parameter {name}: {fault}")),
                ),
            }
        }
        for parameter in declared.iter().filter(|parameter| parameter["required"] == true) {
            let name = parameter["name"].as_str().unwrap();
            let present = match parameter["in"].as_str() {
                Some("query") => sent.iter().any(|(sent, _)| is(parameter, sent)),
                Some("header") => request.headers().contains_key(name),
                _ => true,
            };
            if !present {
                faults.push(format!("required parameter {name} is missing"));
            }
        }
        faults
    }

    pub fn faults_of_body(&self, operation: &Value, request: &Request<Bytes>) -> Vec<String> {
        let content = &operation["requestBody"]["content"];
        let body = request.body();
        if content.is_null() || body.is_empty() {
            return if content.is_null() == body.is_empty() {
                Vec::new()
            } else {
                vec!["body and schema differ".into()]
            };
        }
        let kind = request.headers()["content-type"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let Some(schema) = content.get(kind).map(|media| &media["schema"]) else {
            return vec![format!("content type {kind} is not declared")];
        };
        let body: Value = if kind == "application/json" {
            serde_json::from_slice(body).unwrap()
        } else {
            url::form_urlencoded::parse(body)
                .into_owned()
                .map(|(name, value)| (name, json!(value)))
                .collect::<Map<_, _>>()
                .into()
        };
        let mut faults = self.faults(schema, &body);
        self.undeclared(schema, &body, "", &mut faults);
        faults.into_iter().map(|fault| format!("body: {fault}")).collect()
    }

    pub fn faults_of_answer(&self, operation: &Value, answer: &Response<Bytes>) -> Vec<String> {
        let status = answer.status();
        let responses = &operation["responses"];
        let declared = [status.as_str(), "default"]
            .into_iter()
            .find_map(|key| responses.get(key));
        let error = &self.source["components"]["schemas"]["Error"];
        let schema = match declared.map(|response| &self.resolved(response)["content"]["application/json"]["schema"]) {
            Some(schema) if !schema.is_null() => schema,
            // The reference names 404 and 409 for every operation; the document does not.
            _ if status.is_client_error() => error,
            _ => return vec![format!("status {status} is not declared")],
        };
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        self.faults(schema, &body)
            .into_iter()
            .map(|fault| format!("answer {status}: {fault}"))
            .collect()
    }

    /// What `value` breaks of `schema`.
    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut whole = json!({"allOf": [translated(schema)]});
        if schema.to_string().contains("$ref") {
            whole["components"] = self.components.clone();
        }
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap();
        validator
            .iter_errors(value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect()
    }

    /// Names every key of `value` that `schema` does not have: a misspelt key would be ignored in silence.
    fn undeclared(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let schema = self.resolved(schema);
        for value in value.as_array().into_iter().flatten() {
            self.undeclared(&schema["items"], value, &format!("{at}[]"), faults);
        }
        let properties = &schema["properties"];
        for (key, value) in value.as_object().into_iter().flatten() {
            match properties.get(key) {
                None => faults.push(format!("{at}/{key} is not declared")),
                Some(schema) => self.undeclared(schema, value, &format!("{at}/{key}"), faults),
            }
        }
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.source.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }
}

/// A list parameter is sent one value at a time.
fn schema_of_text(schema: &Value) -> Value {
    if schema["type"] == "array" {
        schema["items"].clone()
    } else {
        schema.clone()
    }
}

/// Query values are text; a number or a truth value is read as such.
fn typed(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => json!(text),
    }
}

/// `OpenAPI` 3.0 as JSON Schema: `nullable` becomes one more type.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let inner: Map<String, Value> = object
                .iter()
                .map(|(key, value)| (key.clone(), translated(value)))
                .collect();
            if object.get("nullable") == Some(&json!(true)) {
                json!({"anyOf": [inner, {"type": "null"}]})
            } else {
                inner.into()
            }
        }
        Value::Array(values) => values.iter().map(translated).collect(),
        other => other.clone(),
    }
}
