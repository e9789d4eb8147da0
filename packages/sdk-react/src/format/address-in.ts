// Chinese, Japanese and Korean put no space between an address and what follows. It ends at their punctuation; whether it ends at a letter of theirs right after
// one of ASCII is a guess, made from how people write (address-in.test.ts has the table):
// - where such a letter stands right before the address, nobody puts spaces: it ends there, "看https://a.example/b这里";
// - else hiragana and Korean particles are grammar of the sentence: it ends there too, "https://a.example/b에서";
// - else the letters are of a name, "/wiki/C言語", "/2019年", "?q=a東京": the link leads to a wrong page without them.
// After anything but a letter or digit of ASCII, such as a slash, they always belong to the address.
const letter = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u;
const places =
  /['\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]|(?<=\w)[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/gu;
const grammar = /^(?:\p{sc=Hira}|(?:에서|에|은|는|이|가|을|를|으?로|와|과|도|의|입니다)+(?!\p{sc=Hang}))/u;
// Up to the next punctuation mark.
const partOfHost = /^[^\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]*?(?:[.:][\p{L}\p{N}]|\/)/u;

/** No host is longer, so the time stays linear. */
const longestHost = 255;

/** The address that begins what was found in a text, which may go on after it without a space. `before` is what stands right before it. */
export function addressIn(found: string, before: string): string {
  const host = /^(?:https?:\/\/|mailto:)[^/?#\\]*/i.exec(found)?.[0].length ?? 0;
  for (const { index, 0: mark } of found.matchAll(places)) {
    const [left, next] = [found.slice(0, index), found.slice(index)];
    const ends =
      index < host
        ? index < longestHost && /\.[^.@]+$|:\d+$/.test(left) && !partOfHost.test(next.slice(0, longestHost))
        : mark !== "'" && (!letter.test(mark) || letter.test(before) || grammar.test(next));
    // A host is cut only where a whole one remains, and where what follows is none that it is a part of: what is left of "abc日本.jp" would be another's.
    if (ends) return left;
  }
  return found;
}
