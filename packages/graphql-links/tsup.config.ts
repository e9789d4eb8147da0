import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

const entries = ['apollo', 'apollo-cache', 'urql', 'graphcache', 'graphql-ws'];

export default defineConfig(libraryBuild(Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`]))));
