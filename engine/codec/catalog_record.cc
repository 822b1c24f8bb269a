#include "engine/codec/catalog_record.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/codec/bytes.h"
#include "engine/codec/packed.h"
#include "engine/codec/schema_value.h"
#include "fasti/status_macros.h"
#include "schema/catalog.capnp.h"

namespace fasti::codec {
namespace {

std::vector<std::string> ReadTexts(capnp::List<capnp::Text>::Reader in) {
  std::vector<std::string> texts;
  for (capnp::Text::Reader text : in) texts.push_back(ReadText(text));
  return texts;
}

void WriteTexts(const std::vector<std::string>& texts, capnp::List<capnp::Text>::Builder out) {
  for (unsigned i = 0; i < texts.size(); ++i) out.set(i, texts[i].c_str());
}

absl::StatusOr<FormatRecord> ReadFormat(schema::Format::Reader in) {
  FormatRecord format;
  format.major = in.getMajor();
  format.minor = in.getMinor();
  format.features = ReadTexts(in.getFeatures());
  const capnp::Data::Reader id = in.getDatabaseId();
  format.database_id.assign(reinterpret_cast<const char*>(id.begin()), id.size());
  format.created = in.getCreated();
  return format;
}

absl::StatusOr<RelationInfo> ReadRelation(schema::Relation::Reader in) {
  RelationInfo relation;
  relation.id = static_cast<RelationId>(in.getId());
  relation.name = ReadText(in.getName());
  relation.is_attribute = in.getIsAttribute();
  FASTI_ASSIGN_OR_RETURN(relation.kind, ReadEnum(in.getKind(), RelationKind::kMetric));
  relation.symmetric = in.getSymmetric();
  relation.functional = in.getFunctional();
  relation.inverse = ReadText(in.getInverse());
  relation.unit = ReadText(in.getUnit());
  FASTI_ASSIGN_OR_RETURN(relation.policy, ReadEnum(in.getPolicy(), Policy::kTrusted));
  relation.subject_type = ReadText(in.getSubjectType());
  relation.object_type = ReadText(in.getObjectType());
  relation.key_qualifiers = ReadTexts(in.getKeyQualifiers());
  relation.merge_window_days = in.getMergeWindowDays();
  return relation;
}

absl::StatusOr<LabelInfo> ReadLabel(schema::Label::Reader in) {
  LabelInfo label;
  label.id = static_cast<LabelId>(in.getId());
  label.name = ReadText(in.getName());
  label.parent = static_cast<LabelId>(in.getParent());
  return label;
}

absl::StatusOr<std::map<std::string, uint64_t>> ReadFigures(schema::Figures::Reader in) {
  std::map<std::string, uint64_t> figures;
  for (const schema::Figures::Figure::Reader figure : in.getFigures()) {
    figures[ReadText(figure.getName())] = figure.getValue();
  }
  return figures;
}

}  // namespace

std::string FormatKey() {
  return "format";
}
std::string RelationPrefix() {
  return "relation:";
}
std::string LabelPrefix() {
  return "label:";
}
std::string BatchPrefix() {
  return "batch:";
}

std::string FiguresKey() {
  return "writing";
}

std::string PurgePrefix() {
  return "purge:";
}

std::string PurgeKey(int64_t time) {
  std::string key = PurgePrefix();
  AppendBig64(FlipSign(time), &key);
  return key;
}

absl::StatusOr<int64_t> DecodePurgeKey(absl::string_view key) {
  ByteReader reader(key);
  const bool is_purge = reader.Bytes(PurgePrefix().size()) == PurgePrefix();
  const uint64_t time = reader.Big64();
  if (is_purge && reader.done()) return UnflipSign(time);
  return absl::DataLossError(
      absl::StrCat("catalog key: ", key.size(), " bytes are no key of a purge"));
}

std::string RelationKey(RelationId id) {
  std::string key = RelationPrefix();
  AppendBig32(Raw(id), &key);
  return key;
}

std::string LabelKey(LabelId id) {
  std::string key = LabelPrefix();
  AppendBig32(Raw(id), &key);
  return key;
}

std::string BatchKey(absl::uint128 batch_id) {
  std::string key = BatchPrefix();
  if (absl::Uint128High64(batch_id) != 0) AppendBig64(absl::Uint128High64(batch_id), &key);
  AppendBig64(absl::Uint128Low64(batch_id), &key);
  return key;
}

absl::StatusOr<absl::uint128> DecodeBatchKey(absl::string_view key) {
  absl::string_view id = key;
  const bool is_one = absl::ConsumePrefix(&id, BatchPrefix());
  const bool is_long = id.size() == 2 * sizeof(uint64_t);
  if (!is_one || (id.size() != sizeof(uint64_t) && !is_long)) {
    return absl::DataLossError(
        absl::StrCat("key of a batch id: expected 14 or 22 bytes, found ", key.size()));
  }
  ByteReader reader(id);
  const uint64_t high = is_long ? reader.Big64() : 0;
  return absl::MakeUint128(high, reader.Big64());
}

std::string EncodeFormat(const FormatRecord& format) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::Format>();
  out.setMajor(format.major);
  out.setMinor(format.minor);
  WriteTexts(format.features, out.initFeatures(format.features.size()));
  out.setDatabaseId(kj::arrayPtr(reinterpret_cast<const kj::byte*>(format.database_id.data()),
                                 format.database_id.size()));
  out.setCreated(format.created);
  return Pack(message);
}

absl::StatusOr<FormatRecord> DecodeFormat(absl::string_view bytes) {
  return ReadPacked<schema::Format>(bytes, "format record", &ReadFormat);
}

std::string EncodeRelation(const RelationInfo& relation) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::Relation>();
  out.setId(Raw(relation.id));
  out.setName(relation.name);
  out.setIsAttribute(relation.is_attribute);
  out.setKind(static_cast<uint8_t>(relation.kind));
  out.setSymmetric(relation.symmetric);
  out.setFunctional(relation.functional);
  out.setInverse(relation.inverse);
  out.setUnit(relation.unit);
  out.setPolicy(static_cast<uint8_t>(relation.policy));
  out.setSubjectType(relation.subject_type);
  out.setObjectType(relation.object_type);
  WriteTexts(relation.key_qualifiers, out.initKeyQualifiers(relation.key_qualifiers.size()));
  out.setMergeWindowDays(relation.merge_window_days);
  return Pack(message);
}

absl::StatusOr<RelationInfo> DecodeRelation(absl::string_view bytes) {
  return ReadPacked<schema::Relation>(bytes, "relation", &ReadRelation);
}

std::string EncodeLabel(const LabelInfo& label) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::Label>();
  out.setId(Raw(label.id));
  out.setName(label.name);
  out.setParent(Raw(label.parent));
  return Pack(message);
}

absl::StatusOr<LabelInfo> DecodeLabel(absl::string_view bytes) {
  return ReadPacked<schema::Label>(bytes, "label", &ReadLabel);
}

std::string EncodeFigures(const std::map<std::string, uint64_t>& figures) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::Figures>().initFigures(static_cast<unsigned>(figures.size()));
  unsigned i = 0;
  for (const auto& [name, value] : figures) {
    out[i].setName(name);
    out[i].setValue(value);
    ++i;
  }
  return Pack(message);
}

absl::StatusOr<std::map<std::string, uint64_t>> DecodeFigures(absl::string_view bytes) {
  return ReadPacked<schema::Figures>(bytes, "figures", &ReadFigures);
}

}  // namespace fasti::codec
