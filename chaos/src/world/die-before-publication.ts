import { registerHooks } from 'node:module';

// Loaded before an API node's own program (`node --import`): puts a bus that kills the process under it. The node knows nothing of it.
const mortal = new URL('./mortal-bus.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const isNode = context.parentURL?.endsWith('/services/api/src/main.ts') === true;
    if (specifier === '@parley/service-kit' && isNode) return { url: mortal, shortCircuit: true };
    return next(specifier, context);
  },
});
