@0xf426dbef866f96b8;
# Records of the family `extra` (docs/file_format.md, "Extra"), stored packed.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("fasti::schema");

using Value = import "value.capnp";

# What a version of a fact carries beyond its row.
struct VersionExtra {
  qualifiers @0 :List(Value.Field);  # by ascending name, each once
  supersedes @1 :UInt64;             # lineage: the version that this one replaces; 0: none
}

# What one source says of one fact, or the withdrawal of that.
struct Claim {
  source @0 :UInt64;              # entity
  published @1 :Value.Period;     # of the source; unknown ends if it does not date itself
  knownFrom @2 :Int64;            # microseconds since 1970 UTC
  text @3 :Text;                  # the sentence
  spanBegin @4 :UInt32;           # bytes into the source's text
  spanEnd @5 :UInt32;             # likewise, not included
  valid @6 :Value.Period;         # as this source told it
  figures @7 :List(Value.Field);  # by ascending name, each once
  stance @8 :UInt8;               # 0 supports, 1 denies
  modality @9 :UInt8;             # 0 asserted, 1 reported, 2 expected, 3 planned, 4 denied
  confidence @10 :Float64 = 1;    # 0 to 1
  extractor @11 :Text;            # what read it: a rule, a program, a person
  retracts @12 :UInt64;           # the sequence of the claim withdrawn by this record; 0: none
}
