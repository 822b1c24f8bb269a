@0xeecc1a68dc1f1759;
# Records of the family `default` (docs/file_format.md, "Catalog"), stored packed.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("fasti::schema");

# Who wrote the database, and what a reader must know to read it.
struct Format {
  major @0 :UInt32;           # a reader knows exactly this one, or does not open
  minor @1 :UInt32;           # a reader of an older one may ignore what it does not know
  features @2 :List(Text);    # a reader that does not know one of them does not open
  databaseId @3 :Data;        # 16 random bytes
  created @4 :Int64;          # microseconds since 1970 UTC
}

struct Relation {
  id @0 :UInt32;
  name @1 :Text;
  isAttribute @2 :Bool;          # `.revenue` rather than `revenue`
  kind @3 :UInt8;                # 0 undeclared, 1 event, 2 state, 3 metric
  symmetric @4 :Bool;
  functional @5 :Bool;
  inverse @6 :Text;              # name; empty: none
  unit @7 :Text;                 # of a metric; empty: none
  policy @8 :UInt8;              # 0 latest, 1 first, 2 majority, 3 median, 4 min, 5 max, 6 range,
                                 # 7 trusted
  subjectType @9 :Text;          # name of a label; empty: any
  objectType @10 :Text;          # likewise
  keyQualifiers @11 :List(Text);
  mergeWindowDays @12 :UInt32;   # days
}

# What the process that wrote last did and waited for, as of its last fold.
struct Figures {
  struct Figure {
    name @0 :Text;
    value @1 :UInt64;
  }
  figures @0 :List(Figure);
}

struct Label {
  id @0 :UInt32;
  name @1 :Text;
  parent @2 :UInt32;  # label; 0: none
}
