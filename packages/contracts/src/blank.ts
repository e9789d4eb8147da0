/** Spaces, control characters, and characters that Unicode says are shown as nothing: zero-width ones, fillers, selectors. */
const blank = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether nobody sees anything of the text. */
export const isBlank = (text: string): boolean => blank.test(text);
