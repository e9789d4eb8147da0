import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const server = process.env['PARLEY_URL'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
  server: { proxy: { '/graphql': { target: server, ws: true }, '/dev': server } },
});
