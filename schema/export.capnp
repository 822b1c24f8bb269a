@0x9eb1cf57f2065d45;
# A whole database as a sequence of messages: one Header, then Chunks, the last with `last` set.
# Entities, relations and labels keep their numbers, so that equal databases export equal bytes.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("fasti::schema");

using Value = import "value.capnp";
using Extra = import "extra.capnp";
using Catalog = import "catalog.capnp";

struct ExportHeader {
  format @0 :Catalog.Format;
  sequence @1 :UInt64;  # the state that is exported
  relations @2 :List(Catalog.Relation);
  labels @3 :List(Catalog.Label);
}

# All versions of a run of facts, by ascending version, retracted ones included.
struct ExportChunk {
  versions @0 :List(ExportVersion);
  commits @1 :List(Commit);
  last @2 :Bool;
}

struct ExportVersion {
  version @0 :UInt64;
  lineage @1 :UInt64;
  gone @2 :UInt64;  # the sequence of its retraction; 0: not retracted
  subject @3 :UInt64;
  relation @4 :UInt32;
  object :union {
    entity @5 :UInt64;
    value @6 :Value.Value;
  }
  valid @7 :Value.Period;
  knownFrom @8 :Int64;  # microseconds since 1970 UTC; Int64 min: always
  knownTo @9 :Int64;    # likewise, not included; Int64 max: until now
  modality @10 :UInt8;  # as in extra.capnp
  extra @11 :Extra.VersionExtra;
  claims @12 :List(ExportClaim);  # made at this version, by ascending sequence
}

struct ExportClaim {
  sequence @0 :UInt64;
  claim @1 :Extra.Claim;
}

struct Commit {
  sequence @0 :UInt64;  # the last of the commit
  time @1 :Int64;       # microseconds since 1970 UTC
}
