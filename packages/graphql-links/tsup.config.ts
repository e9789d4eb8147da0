import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

export default defineConfig(
  libraryBuild({ apollo: 'src/apollo.ts', urql: 'src/urql.ts', 'graphql-ws': 'src/graphql-ws.ts' }),
);
