// Signs such as © and digits are letters unless a variation selector or a keycap makes emoji of them. https://www.unicode.org/reports/tr51/
const pictograph = String.raw`(?!\p{Regional_Indicator})(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Emoji_Modifier_Base}(?=\p{Emoji_Modifier}))\p{Emoji_Modifier}?`;
const joined = String.raw`(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*`;
const flag = String.raw`\p{Regional_Indicator}{2}|\u{1F3F4}[\u{E0030}-\u{E007A}]+\u{E007F}`;
const keycap = String.raw`[\d#*]\uFE0F?\u20E3`;
const oneToThree = new RegExp(String.raw`^\s*(?:(?:${flag}|${keycap}|${pictograph}${joined})\s*){1,3}$`, 'u');

/** Whether a text is nothing but one to three emoji, which are then shown large. */
export const isEmojiOnly = (text: string): boolean => text.length <= 60 && oneToThree.test(text);
