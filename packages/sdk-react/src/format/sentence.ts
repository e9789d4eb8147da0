/** An error's message is written to follow a name in a log; standing alone it begins with a capital and ends with a full stop. */
export function sentence(message: string): string {
  const [first = '', ...rest] = message.trim();
  const text = first.toLocaleUpperCase() + rest.join('');
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
