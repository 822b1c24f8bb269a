#include "tools/ingest/names/recognizer.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RecognizerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Resources::Load();
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    resources_ = *std::move(loaded);
  }

  // "Alvena:org Carlo Bertoldi:person=Bertoldi": the entities in order, with their other forms.
  std::string Entities(absl::string_view language, absl::string_view text) {
    const auto document = Analyze(std::string(text), {std::string(language), 0}, resources_);
    if (!document.ok()) return document.status().ToString();
    const auto lexicon = Lexicon::Create(resources_, language);
    const auto gazetteer = Gazetteer::Create(resources_, language);
    if (!lexicon.ok()) return lexicon.status().ToString();
    if (!gazetteer.ok()) return gazetteer.status().ToString();
    const Names names =
        FindNames(*document, FindSenses(*document, **lexicon),
                  std::vector<bool>(document->tokens.size()), **lexicon, *gazetteer);
    std::vector<std::string> parts;
    for (const NamedEntity& entity : names.entities) {
      std::string part = absl::StrCat(entity.name, ":", EntityTypeName(entity.type));
      for (const std::string& form : entity.forms) {
        if (form != entity.name) absl::StrAppend(&part, "=", form);
      }
      parts.push_back(part);
    }
    return absl::StrJoin(parts, " ");
  }

  Resources resources_;
};

TEST_F(RecognizerTest, NamesAreRunsOfCapitalizedWords) {
  struct Case {
    const char* language;
    const char* text;
    const char* entities;
  };
  const Case kCases[] = {
      {"it", "Secondo la startup Lumera, il modello Zeta 5 costa poco.",
       "Lumera:org Zeta 5:product"},
      {"it", "La fornitura arriva da Valtec S.p.A. e da Boreal.", "Valtec:org Boreal:"},
      {"en", "The head, Park Ji-won, left.", "Park Ji-won:person"},
      {"en", "It bought Kessler\xC2\xA0& Tarrant.", "Kessler & Tarrant:"},
      {"it", "(NSP) - Carrow, 18 febbraio 2027 - La società Alvena cresce.", "Alvena:org"},
      {"it", "Alvena, fondata nel 1954, cresce.", "Alvena:"},
      {"en", "The tablet maker reMarkable grows.", "reMarkable:org"},
      {"it", "Ne ha parlato l'amministratrice delegata Irene Masi.", "Irene Masi:person"},
      {"it", "Un prestito di Banca Monte Alto al gruppo Tessera.",
       "Banca Monte Alto:org Tessera:org"},
      {"fr", "Le groupe Océor détient Arvane, une société lyonnaise.", "Océor:org Arvane:org"},
      {"en", "The company hired Ursula von der Heide from Bank of Carrow.",
       "Ursula von der Heide:person Bank of Carrow:org"},
      {"en", "They use iTools and the GPT-4.5 model.", "iTools: GPT-4.5:product"},
      {"en", "The Denver-based firm grew.", "Denver:place"},
      {"de", "Der Stahlkonzern Alvena zahlt dem Rivalen Boreal eine Vertragsstrafe.",
       "Alvena:org Boreal:org"},
      {"de", "Die Forderung der Hamburger Reederei traf Ruth Adler und die Carrow GmbH.",
       "Ruth Adler:person Carrow:org"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Entities(c.language, c.text), c.entities) << c.text;
}

TEST_F(RecognizerTest, WordThatBeginsASentenceNeedsProof) {
  // Nothing but its capital makes it a name.
  EXPECT_EQ(Entities("it", "Investire conviene."), "");
  EXPECT_EQ(Entities("it", "Mentre il mercato frena, tutto tace."), "");
  // The article uses it inside a sentence.
  EXPECT_EQ(Entities("it", "Dicono bene di Alvena. Alvena, intanto, tace."), "Alvena:");
  // A verb follows, as after a subject.
  EXPECT_EQ(Entities("it", "Alvena ha chiuso bene."), "Alvena:");
  // The article has it in small letters.
  EXPECT_EQ(Entities("it", "Cloud ha vinto. Il cloud cresce."), "");
  // What is left of the run is a name of its own.
  EXPECT_EQ(Entities("it", "Lo dice la Boreal. Portare Boreal in Italia serve."),
            "Boreal: Italy:place=Italia");
}

TEST_F(RecognizerTest, SmallWordNamesNothingByItself) {
  EXPECT_EQ(Entities("en", "\"We employ many,\" she said."), "");
  EXPECT_EQ(Entities("en", "1. The best of it\n\nAccept all | Manage settings"), "");
  EXPECT_EQ(Entities("fr", "« Nous avons tenu », dit-elle chez Alvena."), "Alvena:");
  EXPECT_EQ(Entities("es", "La firma dice: Nuestro plan va bien."), "");
  // It begins no longer name either.
  EXPECT_EQ(Entities("en", "He wrote for The Carrow Herald."), "Carrow Herald:");
}

TEST_F(RecognizerTest, TypeIsToldByWhatStandsBesideTheName) {
  struct Case {
    const char* language;
    const char* text;
    const char* entities;
  };
  const Case kCases[] = {
      // A noun with its complement, or a noun before a comma.
      {"fr", "Le fabricant de puces Lumera progresse.", "Lumera:org"},
      {"it", "Il produttore di piastrelle Lumera cresce.", "Lumera:org"},
      {"es", "El fabricante de chips Lumera crece.", "Lumera:org"},
      {"en", "The finance director, Orla Venn, left.", "Orla Venn:person"},
      {"fr", "La directrice financière, Orla Venn, part.", "Orla Venn:person"},
      // An age.
      {"en", "They chose Orla Venn, 54, yesterday.", "Orla Venn:person"},
      // The dateline.
      {"it", "A sud di Valtona piove.\n\nValtona (Brescia), 30 luglio - Cresce Lumera.",
       "Valtona:place Brescia:place Lumera:"},
      // Only ever after "in".
      {"en", "It has a shop in Valtona and grows.", "Valtona:place"},
      {"en", "It invested in Valtona and grows.", "Valtona:"},
      {"en", "It has a shop in Valtona. There Valtona grew.", "Valtona:"},
      // Figures within a name are not those of a model.
      {"en", "They like Kilo7 a lot.", "Kilo7:"},
      {"en", "They like the KX90 a lot.", "KX90:product"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Entities(c.language, c.text), c.entities) << c.text;
}

TEST_F(RecognizerTest, KnownNameBeforeAFirstNameIsANameOfItsOwn) {
  EXPECT_EQ(Entities("it", "Lo dice Norvia. Lascia la consigliera di Norvia Irene Masi."),
            "Norvia: Irene Masi:person");
}

TEST_F(RecognizerTest, ListedPlaceAfterInIsANameOfItsOwn) {
  EXPECT_EQ(Entities("it", "La società Orlanda cresce. A Parigi Orlanda ha ceduto Brisol."),
            "Orlanda:org Paris:place=Parigi Brisol:");
}

TEST_F(RecognizerTest, PlaceBeforeASubjectIsANameOfItsOwn) {
  EXPECT_EQ(Entities("it", "In Spagna Orlanda ha ceduto Brisol."),
            "Spain:place=Spagna Orlanda: Brisol:");
}

TEST_F(RecognizerTest, FormerEmployerIsNoPartOfThePersonsName) {
  EXPECT_EQ(Entities("it", "Arriva l'ex Norda Carlo Galvari."), "Norda: Carlo Galvari:person");
}

TEST_F(RecognizerTest, WhatFollowsMakesANameOfTheWordThatBeginsASentence) {
  struct Case {
    const char* language;
    const char* text;
    const char* entities;
  };
  const Case kCases[] = {
      {"en", "NBK, the largest bank, grew.", "NBK:org"},
      {"en", "Anyhow, the bank grew.", ""},
      {"fr", "NBK, la maison mère, grandit.", "NBK:org"},
      {"es", "Orlanda, por su parte, comprará más.", "Orlanda:"},
      {"it", "Orlanda, dal canto suo, comprerà.", "Orlanda:"},
      {"fr", "Orlanda, de son côté, achètera.", "Orlanda:"},
      {"en", "Orlanda, for its part, will buy more.", "Orlanda:"},
      {"it", "Orlanda Italia, che vende di più, cresce.", "Orlanda Italia:"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Entities(c.language, c.text), c.entities) << c.text;
}

TEST_F(RecognizerTest, NameMayEndInWhatIsAGenitiveElsewhere) {
  EXPECT_EQ(
      Entities("en", "The rival group Fuller's said it grew. He joined Fuller's profit team."),
      "Fuller's:org=Fuller");
  EXPECT_EQ(Entities("en", "It was an idea of Boreal's. He left Boreal in May."), "Boreal:");
}

TEST_F(RecognizerTest, ListedNameGoesOnAfterASmallWord) {
  EXPECT_EQ(Entities("es", "Abrió en Santiago de Chile."), "Santiago de Chile:place");
}

TEST_F(RecognizerTest, NounBehindAHyphenTakesItsAdjectiveWithIt) {
  EXPECT_EQ(
      Entities("de",
               "Er will sie an den dänischen Orlanda-Konzern verkaufen. Gespräche mit Orlanda "
               "gab es nicht."),
      "Orlanda:org");
}

TEST_F(RecognizerTest, PersonKeepsTheFirstNameThatBeginsASentence) {
  EXPECT_EQ(Entities("it", "Norda, Galvari resta.\n\nCarlo Galvari è stato confermato."),
            "Carlo Galvari:person=Galvari");
}

TEST_F(RecognizerTest, LegalFormProvesTheWordThatBeginsASentence) {
  EXPECT_EQ(Entities("en", "Alvena Inc. named a new chief."), "Alvena:org");
}

TEST_F(RecognizerTest, FamilyIsNotWhomItsNameStandsForAlone) {
  struct Case {
    const char* language;
    const char* text;
    const char* entities;
  };
  const Case kCases[] = {
      {"en", "Erik Lindby sold it. The Lindby family kept Boreal. Lindby left.",
       "Erik Lindby:person=Lindby Lindby family:org Boreal:"},
      {"en", "The Lindby family office bought it.", "Lindby:"},
      {"it", "È controllata dalla famiglia Lorandi.", "famiglia Lorandi:org"},
      {"fr", "Elle appartient à la famille Delmas.", "famille Delmas:org"},
      {"es", "Pertenece a la familia Lorente.", "familia Lorente:org"},
      {"de", "Er gehört der Familie Brandt.", "Familie Brandt:org"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Entities(c.language, c.text), c.entities) << c.text;
}

TEST_F(RecognizerTest, PeriodThatShortensAWordEndsNoName) {
  EXPECT_EQ(Entities("en", "It left St. Carrow when George W. Bushell died."),
            "St. Carrow: George W. Bushell:person");
}

TEST_F(RecognizerTest, CharactersMayBeJoinedByASign) {
  EXPECT_EQ(Entities("de", "Der Konzern K+S hat den Konzern 1&1 verklagt."), "K+S:org 1&1:org");
}

TEST_F(RecognizerTest, MarkAfterANameIsNoPartOfIt) {
  EXPECT_EQ(
      Entities("en", "Change at Alvena: Boreal Takes Over\n\nIt left Alvena. It likes Boreal."),
      "Alvena: Boreal:");
}

TEST_F(RecognizerTest, NumberBeforeANounIsNoPartOfANameWhereNounsHaveCapitals) {
  EXPECT_EQ(Entities("de", "Sie hat bei der Firma Boreal 20 Lokomotiven bestellt."), "Boreal:org");
}

TEST_F(RecognizerTest, WhatSharesThePlaceBeforeTheVerbWithANounIsItsName) {
  EXPECT_EQ(Entities("de", "Der Energiekonzern Nordkraft beschäftigt 300 Leute."), "Nordkraft:org");
  EXPECT_EQ(Entities("de", "Seit Mai baut der Energiekonzern Arbeitsplätze um."), "");
}

// German "ab" and Spanish "se" are no Swedish AB and no European SE.
TEST_F(RecognizerTest, SmallWordWrittenLikeALegalFormIsNone) {
  EXPECT_EQ(Entities("de", "Seit Mai baut der Konzern Arbeitsplätze ab."), "");
  EXPECT_EQ(Entities("de", "Sie hat bei Nordkraft AB bestellt."), "Nordkraft:org");
  EXPECT_EQ(Entities("es", "La idea es que Botín se incorpore."), "Botín:");
  EXPECT_EQ(Entities("es", "La idea es que Botín SE crezca."), "Botín:org");
  EXPECT_EQ(Entities("en", "They like Alvena plc and others."), "Alvena:org");
}

TEST_F(RecognizerTest, HeadedNamesAreJoinedWhereverTheirNounStands) {
  EXPECT_EQ(Entities("en", "They work with the Technical University of Carrow."),
            "Technical University of Carrow:");
}

TEST_F(RecognizerTest, ShortFormsStandForTheLongOne) {
  EXPECT_EQ(Entities("it", "Il fondatore Carlo Bertoldi cede tutto. A Bertoldi resta poco."),
            "Carlo Bertoldi:person=Bertoldi");
  EXPECT_EQ(Entities("en", "He runs Boreal AI. At Boreal, he says, all is well."),
            "Boreal AI:org=Boreal");
  EXPECT_EQ(Entities("en", "They left Calder Web Services (CWS) for good, as CWS said."),
            "Calder Web Services:org=CWS");
  EXPECT_EQ(Entities("en", "He likes ScaleForge. In Scale Forge he trusts."),
            "ScaleForge:=Scale Forge");
}

TEST_F(RecognizerTest, UnitAndItsOwnerAreTwo) {
  const std::string found =
      Entities("en", "He praised Boreal Cloud. The parent, Boreal, was pleased with Boreal Cloud.");
  EXPECT_THAT(found, HasSubstr("Boreal Cloud:"));
  EXPECT_THAT(found, Not(HasSubstr("=")));
  EXPECT_EQ(Entities("en", "A deal with Google and Google Cloud."), "Google:org Google Cloud:unit");
}

TEST_F(RecognizerTest, TitleCaseHeadingTellsNothingByItself) {
  EXPECT_EQ(Entities("en", "Big Banks Lose More Ground Today\n\nThe rate rose."), "");
  EXPECT_EQ(
      Entities("en", "Alvena Signs Record Supply Deal Today\n\nA spokesman for Alvena spoke."),
      "Alvena:");
}

TEST_F(RecognizerTest, GazetteerUnifiesTranslations) {
  EXPECT_EQ(Entities("it", "Apre negli Stati Uniti e a Torino."),
            "United States:place=Stati Uniti Turin:place=Torino");
  EXPECT_EQ(Entities("fr", "Elle part aux États-Unis."), "United States:place=États-Unis");
}

}  // namespace
}  // namespace fasti::ingest
