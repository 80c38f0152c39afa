//! `rename_all`: the eight ways to write an identifier.

/// How names are written in streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    const ALL: [(&str, Case); 8] = [
        ("lowercase", Case::Lower),
        ("UPPERCASE", Case::Upper),
        ("PascalCase", Case::Pascal),
        ("camelCase", Case::Camel),
        ("snake_case", Case::Snake),
        ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
        ("kebab-case", Case::Kebab),
        ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ];

    pub fn find(name: &str) -> Option<Case> {
        Case::ALL.iter().find(|(known, _)| *known == name).map(|&(_, case)| case)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        Case::ALL.iter().map(|&(name, _)| name)
    }

    /// Rewrites the name of a field, which Rust writes in `snake_case`.
    pub fn of_field(self, field: &str) -> String {
        match self {
            Case::Lower | Case::Snake => field.to_owned(),
            Case::Upper | Case::ScreamingSnake => field.to_ascii_uppercase(),
            Case::Pascal => field.split('_').map(capitalized).collect(),
            Case::Camel => uncapitalized(&Case::Pascal.of_field(field)),
            Case::Kebab => field.replace('_', "-"),
            Case::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// Rewrites the name of a variant, which Rust writes in `PascalCase`.
    pub fn of_variant(self, variant: &str) -> String {
        match self {
            Case::Pascal => variant.to_owned(),
            Case::Lower => variant.to_ascii_lowercase(),
            Case::Upper => variant.to_ascii_uppercase(),
            Case::Camel => uncapitalized(variant),
            Case::Snake => snake(variant),
            Case::ScreamingSnake | Case::Kebab | Case::ScreamingKebab => {
                self.of_field(&snake(variant))
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn uncapitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// `HttpServer` -> `http_server`: every capital begins a word.
fn snake(variant: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in variant.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(rename: impl Fn(Case) -> String) -> Vec<String> {
        Case::ALL.iter().map(|&(_, case)| rename(case)).collect()
    }

    #[test]
    fn fields_in_every_case() {
        assert_eq!(
            all(|case| case.of_field("db_path")),
            ["db_path", "DB_PATH", "DbPath", "dbPath", "db_path", "DB_PATH", "db-path", "DB-PATH"]
        );
    }

    #[test]
    fn variants_in_every_case() {
        assert_eq!(
            all(|case| case.of_variant("HttpServer")),
            [
                "httpserver",
                "HTTPSERVER",
                "HttpServer",
                "httpServer",
                "http_server",
                "HTTP_SERVER",
                "http-server",
                "HTTP-SERVER"
            ]
        );
    }

    #[test]
    fn one_letter_and_leading_underscores() {
        assert_eq!(Case::Pascal.of_field("x"), "X");
        assert_eq!(Case::Camel.of_field("_private"), "private");
        assert_eq!(Case::Kebab.of_field("x_1"), "x-1");
        assert_eq!(Case::Snake.of_variant("A"), "a");
    }
}
