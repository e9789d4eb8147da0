import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatInBrowser } from './browser-chat.ts';
import { bin, type Consumer, type Place, run } from './consumer.ts';
import { serveFolder } from './static-server.ts';
import { root } from './tarballs.ts';

/** The snippets of a guide that begin with the name of their file. */
function filesOfGuide(name: string): Record<string, string> {
  const guide = readFileSync(join(root, 'docs', 'guides', name), 'utf8');
  const files = [...guide.matchAll(/^```tsx?\n\/\/ (\S+)\n(.*?)^```$/gms)];
  return Object.fromEntries(files.map(([, file = '', code = '']) => [file, code]));
}

const react18 = { react: '18.3.1', 'react-dom': '18.3.1' };
const react19 = { react: '19.3.1', 'react-dom': '19.3.1' };

const props = ({ platform, channelId }: Place) =>
  `url=${JSON.stringify(platform.graphqlUrl)} userId="ada" token=${JSON.stringify(platform.tokens['ada'])} channelId=${JSON.stringify(channelId)}`
    .replaceAll('"', "'")
    .replaceAll(/=('[^']*')/g, '={$1}');

const main = (place: Place) => `
import React from 'react';
import { createRoot } from 'react-dom/client';
import { Messenger } from '@parley/sdk-react';
import '@parley/sdk-react/styles.css';
createRoot(document.getElementById('root')).render(
  <div style={{ height: '100vh' }}><Messenger ${props(place)} /></div>
);
`;
const html = (script: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title></head>
<body><div id="root"></div>${script}</body></html>`;

async function chatOnBuiltPage(place: Place, folder: string): Promise<void> {
  const server = await serveFolder(join(place.folder, folder));
  try {
    await chatInBrowser(place, server.url);
  } finally {
    await server.close();
  }
}

const vite = (name: string, react: Record<string, string>): Consumer => ({
  name,
  dependencies: { vite: '8.3.8', '@vitejs/plugin-react': '6.3.0', ...react },
  files: (place) => ({
    'index.html': html('<script type="module" src="/main.jsx"></script>'),
    'main.jsx': main(place),
    'vite.config.mjs': `import react from '@vitejs/plugin-react'; export default { plugins: [react()] };`,
  }),
  async chat(place) {
    await run(place.folder, bin(place.folder, 'vite'), ['build']);
    await chatOnBuiltPage(place, 'dist');
  },
});

const webpack: Consumer = {
  name: 'webpack-5',
  dependencies: {
    webpack: '5.113.0',
    'webpack-cli': '7.3.1',
    'css-loader': '7.1.5',
    'style-loader': '4.0.0',
    'source-map-loader': '5.0.0',
    'esbuild-loader': '4.5.0',
    ...react19,
  },
  files: (place) => ({
    'dist/index.html': html('<script src="/main.js"></script>'),
    'src/index.jsx': main(place),
    'webpack.config.cjs': `module.exports = {
      mode: 'production', entry: './src/index.jsx', devtool: 'source-map', performance: { hints: false },
      module: { rules: [
        { test: /\\.jsx$/, loader: 'esbuild-loader', options: { jsx: 'automatic' } },
        { test: /\\.css$/, use: ['style-loader', 'css-loader'] },
        { test: /@parley.*\\.js$/, enforce: 'pre', use: ['source-map-loader'] },
      ] },
    };`,
  }),
  async chat(place) {
    // A source map that names a file which is not there is a warning.
    await run(place.folder, bin(place.folder, 'webpack'), ['--fail-on-warnings']);
    await chatOnBuiltPage(place, 'dist');
  },
};

const parcel: Consumer = {
  name: 'parcel-2',
  dependencies: { parcel: '2.16.4', ...react19 },
  files: (place) => ({
    'index.html': html('<script type="module" src="./main.jsx"></script>'),
    'main.jsx': main(place),
  }),
  async chat(place) {
    await run(place.folder, bin(place.folder, 'parcel'), ['build', 'index.html', '--no-autoinstall', '--no-cache']);
    await chatOnBuiltPage(place, 'dist');
  },
};

const next: Consumer = {
  name: 'next-16',
  // What the generator chooses by itself.
  async generate({ folder }) {
    const args = ['--yes', 'create-next-app@16.4.3', folder, '--yes', '--use-npm', '--skip-install', '--disable-git'];
    await run(join(folder, '..'), 'npx', args);
  },
  dependencies: {},
  files: (place) => ({
    // The generated layout loads fonts of Google while it is built.
    'app/layout.tsx': `import './globals.css';
export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}`,
    'app/page.tsx': `import { Messenger } from '@parley/sdk-react';
import '@parley/sdk-react/styles.css';
export default function Page() {
  return <main style={{ height: '100vh' }}><Messenger ${props(place)} /></main>;
}`,
    ...filesOfGuide('nextjs.md'),
    '.env.local': `NEXT_PUBLIC_PARLEY_URL=${place.platform.graphqlUrl}
PARLEY_KEY_ID=${place.platform.apiKey}
PARLEY_SECRET=${place.platform.apiSecret}
`,
  }),
  async chat(place) {
    await run(place.folder, bin(place.folder, 'next'), ['build']);
    const server = await startNext(place.folder);
    try {
      await chatInBrowser(place, server.url);
      // The files of the guide, as a reader has them.
      await chatInBrowser(place, `${server.url}/chat`);
    } finally {
      await server.close();
    }
  },
};

async function startNext(folder: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next');
  const args = [next, 'start', '--port', '0', '--hostname', '127.0.0.1'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const url = () => /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(said)?.[0];
  const ended = closed.then(() => {
    throw new Error(`next ended before it was ready\n${said}`);
  });
  ended.catch(() => undefined);
  while (url() === undefined || !/Ready/.test(said)) await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    url: url() ?? '',
    async close() {
      child.kill();
      await closed;
    },
  };
}

export const browserConsumers: readonly Consumer[] = [
  vite('vite-react-18', react18),
  vite('vite-react-19', react19),
  webpack,
  parcel,
  next,
];
