import { Messenger, ParleyProvider } from '@parley/sdk-react';
import { createRoot } from 'react-dom/client';
import '@parley/sdk-react/styles.css';
import { demoToken } from './demo-token.ts';
import { Hint } from './hint.tsx';
import { pageOptions } from './page-options.ts';
import { UnreadTitle } from './unread-title.tsx';

const { user, theme, channelId } = pageOptions(location.search);

createRoot(document.getElementById('root') ?? document.body).render(
  <ParleyProvider url={`${location.origin}/graphql`} userId={user} getToken={() => demoToken(user)}>
    <UnreadTitle title={document.title} />
    <Hint user={user} />
    <Messenger theme={theme} channelId={channelId} />
  </ParleyProvider>,
);
