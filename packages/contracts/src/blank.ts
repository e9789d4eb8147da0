/** Spaces, control characters, characters that Unicode says are shown as nothing (zero-width ones, fillers, selectors) or are none, and accents without a letter. */
const blank = /^[\s\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{DI}\p{NChar}\u2800]*$/u;

/** Whether nobody sees anything of the text. */
export const isBlank = (text: string): boolean => blank.test(text);
