const oneToThree =
  /^\s*(?:(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*)\s*){1,3}$/u;

/** Whether a text is nothing but one to three emoji, which are then shown large. */
export const isEmojiOnly = (text: string): boolean => text.length <= 40 && oneToThree.test(text);
