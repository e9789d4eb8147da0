/**
 * Whether what npm says it has installed (its hidden lock file) is what the project's lock file asks for. Packages that
 * are optional may be absent, as they depend on the platform; a workspace is a link, which `exists` looks for.
 */
export function isInstalled(lock, hidden, exists) {
  const installed = hidden.packages ?? {};
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    if (wanted.link) return exists(path);
    const found = installed[path];
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version;
  });
}
