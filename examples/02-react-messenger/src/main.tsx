import { Messenger } from '@parley/sdk-react';
import { createRoot } from 'react-dom/client';
import '@parley/sdk-react/styles.css';
import { demoToken } from './demo-token.ts';
import { Hint } from './hint.tsx';
import { pageOptions } from './page-options.ts';

const { user, theme } = pageOptions(location.search);

createRoot(document.getElementById('root') ?? document.body).render(
  <>
    <Messenger url={`${location.origin}/graphql`} getToken={() => demoToken(user)} theme={theme} />
    <Hint user={user} />
  </>,
);
