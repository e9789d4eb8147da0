/** The text of a file with the fault of the mutant in it. @throws when the list no longer fits the file */
export function mutate(text, { id, file, before, after }) {
  const places = before === '' ? 0 : text.split(before).length - 1;
  if (places !== 1)
    throw new Error(
      `unable to apply mutant ${id}; its text stands ${places} times in ${file}, not once: set it right in scripts/mutants`,
    );
  // A function, since `$` of a replacement text has a meaning.
  return text.replace(before, () => after);
}
