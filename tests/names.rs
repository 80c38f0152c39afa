//! Names in streams: `name`, `rename`, `rename_all`. What a program says is read from the error of a load that asks
//! for another type.

use reduce_core::{ErrorKind, Expand, Reduce};

/// The program of the value's type as text, as the error of a wrong load shows it.
fn program<T: Reduce>(value: &T) -> String {
    #[derive(Reduce)]
    #[reduce(name = "asked for")]
    struct Nothing;
    let bytes = reduce_core::to_vec(value).unwrap();
    let error = reduce_core::from_slice::<Nothing>(&bytes).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    let text = format!("{error:#}");
    let (_, theirs) = text.split_once("the stream holds:\n").unwrap();
    let (theirs, _) = theirs.split_once("\n\nasked for:").unwrap();
    theirs.to_string()
}

fn mismatch<T: for<'de> Expand<'de>>(value: &impl Reduce) -> String {
    let bytes = reduce_core::to_vec(value).unwrap();
    let error = reduce_core::from_slice::<T>(&bytes).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TypeMismatch);
    let text = error.to_string();
    let (text, _) = text.split_once(" (at byte").unwrap();
    text.to_string()
}

#[test]
fn a_name_stands_in_for_the_identifier() {
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "app.Order")]
    struct Order {
        id: u32,
    }
    #[derive(Reduce, Debug, PartialEq)]
    #[reduce(name = "app.Order")]
    struct OrderOfToday {
        id: u32,
    }
    assert_eq!(program(&Order { id: 1 }), "app.Order\nstruct app.Order {\n    id: u32\n}");
    // The name is what counts, not the identifier.
    let bytes = reduce_core::to_vec(&Order { id: 5 }).unwrap();
    assert_eq!(reduce_core::from_slice::<OrderOfToday>(&bytes).unwrap(), OrderOfToday { id: 5 });
}

#[test]
fn another_name_is_another_type() {
    #[derive(Reduce)]
    struct Apple(u8);
    #[derive(Reduce)]
    struct Pear(u8);
    assert_eq!(
        mismatch::<Pear>(&Apple(1)),
        "the stream holds a value of type `Apple`, not `Pear`; if the type was renamed, keep what streams call it: \
         `#[reduce(name = \"Apple\")]`"
    );
}

#[test]
fn a_name_that_might_deceive_is_quoted() {
    #[derive(Reduce)]
    #[reduce(name = "a`, not `b")]
    struct Odd(u8);
    assert!(program(&Odd(1)).starts_with("\"a`, not `b\"\n"), "{}", program(&Odd(1)));
}

#[test]
fn renamed_fields_and_variants_have_their_new_names() {
    #[derive(Reduce)]
    #[allow(dead_code, reason = "one variant is enough for the program")]
    enum Event {
        #[reduce(rename = "key-down")]
        KeyDown(char),
        #[reduce(rename = "click")]
        MouseClick {
            #[reduce(rename = "left")]
            x: i16,
            y: i16,
        },
        Quit,
    }
    assert_eq!(
        program(&Event::Quit),
        "Event\nenum Event {\n    key-down(char)\n    click {\n        left: i16\n        y: i16\n    \
         }\n    Quit\n}"
    );
}

#[test]
fn a_renamed_field_of_a_tuple_gives_all_its_fields_names() {
    #[derive(Reduce, Debug, PartialEq)]
    struct Point(u8, #[reduce(rename = "height")] u8, u8);
    assert_eq!(
        program(&Point(1, 2, 3)),
        "Point\nstruct Point {\n    0: u8\n    height: u8\n    2: u8\n}"
    );
    let bytes = reduce_core::to_vec(&Point(1, 2, 3)).unwrap();
    assert_eq!(reduce_core::from_slice::<Point>(&bytes).unwrap(), Point(1, 2, 3));
}

/// The names of a struct's two fields and of an enum's two variants under a case.
macro_rules! cases {
    ($($case:literal => $long:literal $short:literal, $variant:literal $word:literal;)*) => {$({
        #[derive(Reduce)]
        #[reduce(rename_all = $case)]
        struct Fields {
            db_path_2: u8,
            x: u8,
        }
        #[derive(Reduce)]
        #[reduce(rename_all = $case)]
        #[allow(dead_code, reason = "one variant is enough for the program")]
        enum Variants {
            HttpServer,
            Idle,
        }
        let plain = |name: &str| name.to_string();
        assert_eq!(
            program(&Fields { db_path_2: 1, x: 2 }),
            format!("Fields\nstruct Fields {{\n    {}: u8\n    {}: u8\n}}", plain($long), plain($short)),
            "{}", $case
        );
        assert_eq!(
            program(&Variants::Idle),
            format!("Variants\nenum Variants {{\n    {}\n    {}\n}}", plain($variant), plain($word)),
            "{}", $case
        );
    })*};
}

#[test]
fn rename_all_writes_every_case() {
    cases! {
        "lowercase" => "db_path_2" "x", "httpserver" "idle";
        "UPPERCASE" => "DB_PATH_2" "X", "HTTPSERVER" "IDLE";
        "PascalCase" => "DbPath2" "X", "HttpServer" "Idle";
        "camelCase" => "dbPath2" "x", "httpServer" "idle";
        "snake_case" => "db_path_2" "x", "http_server" "idle";
        "SCREAMING_SNAKE_CASE" => "DB_PATH_2" "X", "HTTP_SERVER" "IDLE";
        "kebab-case" => "db-path-2" "x", "http-server" "idle";
        "SCREAMING-KEBAB-CASE" => "DB-PATH-2" "X", "HTTP-SERVER" "IDLE";
    }
}

#[test]
fn rename_goes_before_rename_all() {
    #[derive(Reduce)]
    #[reduce(rename_all = "UPPERCASE")]
    struct Mixed {
        first: u8,
        #[reduce(rename = "second")]
        other: u8,
    }
    assert_eq!(
        program(&Mixed { first: 1, other: 2 }),
        "Mixed\nstruct Mixed {\n    FIRST: u8\n    second: u8\n}"
    );
}

#[test]
fn rename_all_of_an_enum_leaves_fields_to_rename_all_fields() {
    #[derive(Reduce)]
    #[reduce(rename_all = "kebab-case", rename_all_fields = "camelCase")]
    enum Both {
        TwoWords { first_field: u8, second_field: u8 },
    }
    #[derive(Reduce)]
    #[reduce(rename_all = "kebab-case")]
    enum Variants {
        TwoWords { first_field: u8 },
    }
    assert_eq!(
        program(&Both::TwoWords { first_field: 1, second_field: 2 }),
        "Both\nenum Both {\n    two-words {\n        firstField: u8\n        secondField: u8\n    }\n}"
    );
    assert_eq!(
        program(&Variants::TwoWords { first_field: 1 }),
        "Variants\nenum Variants {\n    two-words {\n        first_field: u8\n    }\n}"
    );
}

#[test]
fn paths_in_errors_name_fields_as_rust_does() {
    #[derive(Reduce, Debug)]
    #[reduce(rename_all = "camelCase")]
    struct Config {
        #[reduce(rename = "p")]
        port_number: u16,
        #[reduce(skip, rebuild = refuse)]
        #[allow(dead_code, reason = "never made")]
        open_socket: (),
    }
    fn refuse(port: u16) -> Result<(), String> {
        Err(format!("no port {port}"))
    }
    let bytes = reduce_core::to_vec(&Config { port_number: 1, open_socket: () }).unwrap();
    let error = reduce_core::from_slice::<Config>(&bytes).unwrap_err();
    assert_eq!(error.path(), "open_socket");
}

#[test]
fn a_disassembly_shows_the_names_of_the_stream() {
    #[derive(Reduce)]
    #[reduce(name = "app.Order", rename_all = "camelCase")]
    struct Order {
        order_id: u32,
        #[reduce(rename = "state")]
        status: Status,
        #[reduce(skip, default)]
        #[allow(dead_code, reason = "not stored")]
        cache: u8,
    }
    #[derive(Reduce)]
    #[reduce(rename_all = "SCREAMING-KEBAB-CASE")]
    #[allow(dead_code, reason = "one variant is enough for the program")]
    enum Status {
        InWork,
        #[reduce(rename = "sent")]
        Shipped {
            on_day: u16,
        },
    }
    let order = Order { order_id: 300, status: Status::Shipped { on_day: 7 }, cache: 1 };
    let text = reduce_core::disassemble(&reduce_core::to_vec(&order).unwrap()).unwrap().to_string();
    // Offsets and bytes stand in front.
    for expected in [
        "record  #0: app.Order, 2 fields",
        "field   orderId: u32",
        "field   state: #1 Status",
        "enum    #1: Status, 2 variants",
        "variant IN-WORK",
        "variant sent, 1 field",
        "field   on_day: u16",
        "u32     orderId = 300",
        "enum    state: Status = 1, sent",
        "u16     on_day = 7",
    ] {
        assert!(
            text.lines().any(|line| line.ends_with(&format!(" {expected}"))),
            "{expected}\n{text}"
        );
    }
    assert!(!text.contains("cache") && !text.contains("order_id"), "{text}");
}
