#include "engine/codec/log_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/codec/random_rows.h"

namespace fasti::codec {
namespace {

LogRecord RandomRecord(RandomRows* random) {
  LogRecord record;
  record.commit_time = static_cast<int64_t>(random->Edge());
  record.next_entity = random->Edge();
  record.next_literal = random->Edge();
  record.next_sequence = random->Edge();
  record.batch_id = random->Edge();
  record.last_part = random->OneIn(2);
  for (uint32_t i = random->random()() % 5; i > 0; --i) {
    record.asserted.push_back(random->Plausible(1000 - i));
    record.retracted.push_back(random->Any(random->Edge()));
  }
  return record;
}

void ExpectSame(const LogRecord& a, const LogRecord& b) {
  EXPECT_EQ(a.commit_time, b.commit_time);
  EXPECT_EQ(a.asserted, b.asserted);
  EXPECT_EQ(a.retracted, b.retracted);
  EXPECT_EQ(a.next_entity, b.next_entity);
  EXPECT_EQ(a.next_literal, b.next_literal);
  EXPECT_EQ(a.next_sequence, b.next_sequence);
  EXPECT_EQ(a.batch_id, b.batch_id);
  EXPECT_EQ(a.last_part, b.last_part);
}

TEST(LogRecordTest, TheBytesAreThoseOfTheFormat) {
  Row row;
  row.subject = 7;
  row.object = 24;
  row.relation = 16;
  row.flags = MakeFlags(Precision::kDay, Precision::kDay, Modality::kAsserted, false, false);
  row.from = -1;
  row.duration = 300;
  row.known_from = kInstantMin;
  row.known_to = kInstantMax;
  row.version = row.lineage = 100;
  LogRecord record;
  record.commit_time = 5;
  record.next_entity = 8;
  record.next_literal = 2;
  record.next_sequence = 101;
  record.asserted = {row};
  EXPECT_EQ(absl::BytesToHexString(EncodeLogRecord(record)),
            "01"      // format
            "01"      // last part
            "0a"      // commit time 5
            "080265"  // next entity, literal, sequence
            "00"      // no batch id
            "01"      // one row asserted
            "00"      // nothing unusual
            "0718"    // subject, object
            "c801"    // version 100
            "10"      // relation
            "44"      // flags
            "ac02"    // duration
            "01"      // from -1
            "00"      // none retracted
            "a5");
}

TEST(LogRecordTest, RecordsComeBackWholeAndEndInNoZero) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  for (int round = 0; round < 500; ++round) {
    const LogRecord record = RandomRecord(&random);
    const std::string bytes = EncodeLogRecord(record);
    EXPECT_NE(bytes.back(), '\0');
    const auto decoded = DecodeLogRecord(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    ExpectSame(*decoded, record);
  }
}

TEST(LogRecordTest, TruncatedAndExtendedRecordsAreDataLossAndFlippedOnesAreSafeToRead) {
  RandomRows random(1);
  LogRecord record = RandomRecord(&random);
  record.asserted.push_back(random.Plausible(7));
  const std::string good = EncodeLogRecord(record);
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeLogRecord(good.substr(0, i)).status())) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      const auto decoded = DecodeLogRecord(bad);
      EXPECT_TRUE(decoded.ok() || absl::IsDataLoss(decoded.status())) << decoded.status();
      // A record that still reads has changed: nothing in it is ignored.
      if (decoded.ok()) {
        EXPECT_NE(EncodeLogRecord(*decoded), good) << i << ", bit " << bit;
      }
    }
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeLogRecord(good + "x").status()));
}

TEST(LogRecordTest, AHugeCountOfRowsIsRefusedBeforeAnythingIsReserved) {
  std::string bytes = {1, 1, 0, 0, 0, 0, 0};
  bytes += "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_TRUE(absl::IsDataLoss(DecodeLogRecord(bytes).status()));
}

TEST(LogRecordTest, SequenceKeysSortAsNumbersAndTimesComeBack) {
  const uint64_t sequences[] = {0, 1, 255, 256, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
  for (uint64_t a : sequences) {
    EXPECT_EQ(DecodeSequenceKey(SequenceKey(a)).value(), a);
    for (uint64_t b : sequences) EXPECT_EQ(SequenceKey(a) < SequenceKey(b), a < b);
  }
  for (int64_t time : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{1}, INT64_MAX}) {
    EXPECT_EQ(DecodeTime(EncodeTime(time)).value(), time);
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeSequenceKey("1234567").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeTime("123456789").status()));
}

}  // namespace
}  // namespace fasti::codec
