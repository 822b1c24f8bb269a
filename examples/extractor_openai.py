#!/usr/bin/env python3
"""Lets a language model read articles for fasti, through any endpoint that speaks OpenAI's API.

    export OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_MODEL=some-model OPENAI_API_KEY=...
    fasti ingest news.db articles/*.txt --extractor examples/extractor_openai.py

It speaks the lines of docs/extractor.md.  What the model is told to do stands in extractor_openai_prompt.txt beside
this file.  A model cannot count bytes, so it quotes the sentence of each fact, and the place of the
quote is looked up here: a fact whose quote is not in the article was made up and is left out.
Needs nothing but Python 3.  An article must fit into the model's window.
"""
import json
import os
import re
import sys
import urllib.error
import urllib.request

PROTOCOL = 1
SECONDS = float(os.environ.get("OPENAI_TIMEOUT", "100"))  # below fasti's --extractor-timeout


def ask(messages):
    """The text that the model answers."""
    request = urllib.request.Request(
        os.environ.get("OPENAI_BASE_URL", "http://localhost:8080/v1").rstrip("/") + "/chat/completions",
        data=json.dumps({"model": os.environ["OPENAI_MODEL"], "temperature": 0, "messages": messages,
                         "response_format": {"type": "json_object"}}).encode("utf-8"),
        headers={"Content-Type": "application/json"})
    key = os.environ.get("OPENAI_API_KEY")
    if key:
        request.add_header("Authorization", "Bearer " + key)
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        return json.load(response)["choices"][0]["message"]["content"]


def find(quote, text):
    """The byte offsets of a quote, whatever white space it has; None if the text has no such words."""
    words = quote.split()
    if not words:
        return None
    found = re.search(r"\s+".join(re.escape(word) for word in words), text)
    if found is None:
        return None
    start = len(text[:found.start()].encode("utf-8"))
    return {"start": start, "end": start + len(found.group().encode("utf-8"))}


def describe(relations):
    """The relations as the prompt lists them."""
    objects = {"entity": "-> name of an entity", "quantity": "-> value", "none": "(no object: what counts is when)"}
    return "\n".join("%s %s" % (relation["name"], objects[relation["object"]]) for relation in relations)


def read(article, prompt):
    """The facts of an article, as the protocol wants them."""
    about = {key: article[key] for key in ("lang", "published", "report_date", "title") if article.get(key)}
    answer = ask([{"role": "system", "content": prompt},
                  {"role": "user", "content": json.dumps(about) + "\n\n" + article["text"]}])
    for fact in json.loads(answer)["facts"]:
        evidence = find(str(fact.pop("quote", "")), article["text"])
        if evidence is None:
            print("%s: left out, since its quote is not in the article: %s" % (article["article"], fact),
                  file=sys.stderr)
            continue
        fact.setdefault("confidence", 0.7)
        yield {**fact, "evidence": evidence, "rule": os.environ["OPENAI_MODEL"]}


def say(line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    if "OPENAI_MODEL" not in os.environ:
        sys.exit("extractor_openai: set OPENAI_MODEL to the name of a model that OPENAI_BASE_URL serves")
    greeting = json.loads(sys.stdin.readline() or "{}")
    if greeting.get("fasti_extractor") != PROTOCOL:
        sys.exit("extractor_openai: expected version %d of the protocol; start it by fasti ingest --extractor"
                 % PROTOCOL)
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "extractor_openai_prompt.txt"), encoding="utf-8") as file:
        prompt = file.read().replace("{relations}", describe(greeting["relations"]))
    for line in sys.stdin:
        article = json.loads(line)
        end = {"id": article["id"], "end": True}
        try:
            for fact in list(read(article, prompt)):
                say(fact)
        except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            end["error"] = "%s: %s" % (type(error).__name__, error)
        say(end)


if __name__ == "__main__":
    main()
