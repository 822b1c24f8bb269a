@0x9dc464879ea80050;
# The exchange form of a report: what one source says, in names.  A file of reports is a sequence
# of messages in the standard framing of Cap'n Proto.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("fasti::schema");

using Value = import "value.capnp";

struct Report {
  source @0 :Source;
  statements @1 :List(Statement);
  batchId @2 :UInt64;  # a report with the id of an earlier one adds nothing; 0: none
}

struct Source {
  key @0 :Text;  # its url; empty: the hash of its text
  title @1 :Text;
  publisher @2 :Text;
  language @3 :Text;            # ISO 639-1
  published @4 :Value.Period;   # null pointer: the source does not say
  reportDate @5 :Value.Period;  # the date its reader gave it; null pointer: none
  text @6 :Text;                # the article, UTF-8; may be empty
}

struct EntityName {
  name @0 :Text;
  label @1 :Text;  # empty: the source does not tell
  aliases @2 :List(Text);
}

struct Statement {
  subject @0 :EntityName;
  relation @1 :Text;
  object :union {
    entity @2 :EntityName;
    value @3 :Value.Value;
  }
  valid @4 :Value.Period;            # null pointer: the source tells no time
  qualifiers @5 :List(Value.Field);  # by ascending name, each once
  modality @6 :UInt8;                # as in extra.capnp
  stance @7 :UInt8;                  # as in extra.capnp
  confidence @8 :Float64 = 1;        # 0 to 1
  extractor @9 :Text;
  text @10 :Text;                    # the sentence; empty: the source's text at the span
  spanBegin @11 :UInt32;             # bytes into the source's text
  spanEnd @12 :UInt32;               # likewise, not included
}
