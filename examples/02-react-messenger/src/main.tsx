import { Messenger } from '@parley/sdk-react';
import { createRoot } from 'react-dom/client';
import '@parley/sdk-react/styles.css';
import { Hint } from './hint.tsx';
import { pageOptions } from './page-options.ts';

const { user, theme } = pageOptions(location.search);

async function getToken(): Promise<string> {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`);
  if (!response.ok) throw new Error(`no token for ${user}: ${await response.text()}`);
  const { token }: { token: string } = await response.json();
  return token;
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <>
      <Messenger url={`${location.origin}/graphql`} getToken={getToken} theme={theme} />
      <Hint user={user} />
    </>,
  );
}
