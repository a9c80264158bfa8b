//! The two schemas agree: tables, columns, types, nullability, keys and indexes. What differs is listed here, with its reason.

use std::collections::{BTreeMap, BTreeSet};

use signoff_testkit::{Database, Engine, Fixture};

use crate::kit::open;

/// On PostgreSQL entries are stored before they are numbered and hashed: they have an order of arrival, and no number at first.
const ONLY_POSTGRES_COLUMNS: &[&str] = &["events.ord"];
const NULL_ON_POSTGRES: &[&str] = &["events.leaf", "events.seq"];
const ONLY_POSTGRES_INDEXES: &[&str] = &["events(ord) unique", "events(organization_id, ord) where seq is null"];

#[derive(Debug, PartialEq, Eq)]
struct Column {
    /// How the store reads it.
    kinds: BTreeSet<&'static str>,
    nullable: bool,
}

type Columns = BTreeMap<String, Column>;

/// The types of SQLite that stand for a type of PostgreSQL.
fn kind(postgres: &str) -> &'static str {
    match postgres {
        "uuid" | "bytea" => "BLOB",
        "timestamp with time zone" | "bigint" => "INTEGER",
        "text" | "jsonb" => "TEXT",
        other => panic!("no type of SQLite stands for {other}"),
    }
}

async fn columns(database: &Database) -> Columns {
    let rows = match database.engine() {
        Engine::Sqlite => {
            "SELECT m.name || '.' || c.name || '|' || c.type || '|' || (c.\"notnull\" = 0) FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT table_name || '.' || column_name || '|' || data_type || '|' || (is_nullable = 'YES')::int FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
    };
    let read = |row: String| {
        let parts: Vec<_> = row.split('|').collect();
        let stored = match database.engine() {
            Engine::Sqlite => ["BLOB", "INTEGER", "TEXT"].into_iter().find(|kind| *kind == parts[1]).unwrap(),
            Engine::Postgres => kind(parts[1]),
        };
        (parts[0].to_owned(), Column { kinds: [stored].into(), nullable: parts[2] == "1" })
    };
    database.column(rows).await.into_iter().map(read).collect()
}

/// Indexes as `table(columns) unique where …`, the keys among them.
async fn indexes(database: &Database) -> BTreeSet<String> {
    let rows = match database.engine() {
        Engine::Sqlite => {
            "SELECT m.name || '(' || (SELECT group_concat(c.name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) || ')' \
               || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END \
               || COALESCE((SELECT ' where' || substr(lower(s.sql), instr(lower(s.sql), ' where ') + 6) FROM sqlite_schema s \
                    WHERE s.name = i.name AND instr(lower(s.sql), ' where ') > 0), '') \
             FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT t.relname || '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place) \
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')' \
               || CASE WHEN x.indisunique THEN ' unique' ELSE '' END \
               || COALESCE(' where ' || lower(pg_get_expr(x.indpred, t.oid)), '') \
             FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
             WHERE n.nspname = current_schema() AND t.relkind = 'r'"
        }
    };
    // PostgreSQL writes conditions in brackets and with casts.
    let plain = |row: String| match row.split_once(" where ") {
        Some((index, condition)) => format!("{index} where {}", condition.replace(['(', ')'], "").replace("::text", "")),
        None => row,
    };
    database.column(rows).await.into_iter().map(plain).collect()
}

/// What refers to what: `table(columns) to table`.
async fn references(database: &Database) -> BTreeSet<String> {
    let rows = match database.engine() {
        Engine::Sqlite => {
            "SELECT m.name || '(' || f.\"from\" || ') to ' || f.\"table\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT t.relname || '(' || a.attname || ') to ' || r.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
             JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f' AND n.nspname = current_schema()"
        }
    };
    database.column(rows).await.into_iter().collect()
}

async fn both() -> (Database, Database) {
    let (sqlite, postgres) = (Database::open(Engine::Sqlite).await, Database::open(Engine::Postgres).await);
    for database in [&sqlite, &postgres] {
        drop(open(database).await);
    }
    (sqlite, postgres)
}

#[tokio::test]
async fn tables_and_columns_agree() {
    let (sqlite, postgres) = both().await;
    let (sqlite, mut postgres) = (columns(&sqlite).await, columns(&postgres).await);
    assert!(sqlite.len() > 100, "{}", sqlite.len());
    for name in ONLY_POSTGRES_COLUMNS {
        assert!(postgres.remove(*name).is_some(), "{name} is listed as a difference and is none");
    }
    for name in NULL_ON_POSTGRES {
        let column = postgres.get_mut(*name).unwrap();
        assert!(column.nullable, "{name} is listed as a difference and is none");
        column.nullable = false;
    }
    let names = |columns: &Columns| columns.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&sqlite).symmetric_difference(&names(&postgres)).collect::<Vec<_>>(), Vec::<&String>::new());
    for (name, column) in &sqlite {
        assert_eq!(*column, postgres[name], "{name}");
    }
}

#[tokio::test]
async fn keys_and_indexes_agree() {
    let (sqlite, postgres) = both().await;
    let (sqlite, mut postgres) = (indexes(&sqlite).await, indexes(&postgres).await);
    assert!(sqlite.len() > 40, "{sqlite:?}");
    for index in ONLY_POSTGRES_INDEXES {
        assert!(postgres.remove(*index), "{index} is listed as a difference and is none: {postgres:#?}");
    }
    // SQLite lists no index for a key that is the number of the row itself.
    assert!(postgres.remove("schema_migrations(version) unique"));
    let missing: Vec<_> = postgres.difference(&sqlite).collect();
    let extra: Vec<_> = sqlite.difference(&postgres).collect();
    assert_eq!((missing, extra), (Vec::<&String>::new(), Vec::<&String>::new()));
}

#[tokio::test]
async fn references_agree() {
    let (sqlite, postgres) = both().await;
    assert_eq!(references(&sqlite).await, references(&postgres).await);
}

/// A column that may be null on one engine and not on the other would be found by a request, not by a test.
#[tokio::test]
async fn sqlite_tables_are_strict() {
    let (sqlite, _) = both().await;
    let loose = sqlite.column("SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite_%'").await;
    assert_eq!(loose, ["schema_migrations"]);
}
