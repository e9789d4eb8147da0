export const classNames = (...names: readonly (string | undefined | false)[]): string =>
  names.filter(Boolean).join(' ');
