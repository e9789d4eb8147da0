const systems = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  linux: 'linux',
  sunos: 'sunos',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
  aix: 'aix',
};
const processors = {
  arm64: 'arm64',
  x64: 'x64',
  64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * The optional packages that a lock file names but does not hold, each with the place where it belongs. npm leaves them
 * out when it could not fetch them, as happens with builds for other platforms.
 */
export function missingBuilds(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {}).flatMap(([name, version]) => {
      const found = nearest(lock, path, name);
      if (found === undefined) return [{ name, version, place: `node_modules/${name}` }];
      // Another version lies where this package would find it: its own goes beneath the package itself.
      const exact = /^\d/.test(version);
      return exact && found.version !== version
        ? [{ name, version, place: [path, `node_modules/${name}`].filter(Boolean).join('/') }]
        : [];
    }),
  );
}

/** Looks where Node would: beside the package that asks, then in each folder above it. */
function nearest(lock, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const found = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === '') return found;
  }
}

/** What `npm ci` asks of an entry that it is not going to install here: its version and its platform, read off its name. */
export function stub(name, version) {
  if (!/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`unable to complete package-lock.json; ${name} has no exact version: ${version}`);
  const words = name.split(/[/-]/);
  const one = (known) =>
    words
      .map((word) => known[word])
      .filter((found) => found !== undefined)
      .slice(0, 1);
  const libc = one(libraries);
  return {
    version,
    optional: true,
    os: one(systems),
    cpu: one(processors),
    ...(libc.length > 0 && words.includes('linux') ? { libc } : {}),
  };
}
