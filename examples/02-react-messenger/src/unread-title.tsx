import { useInbox } from '@parley/sdk-react';
import { useEffect } from 'react';

/** Puts the number of unread messages before the page's title, for whoever looks at another tab. */
export function UnreadTitle({ title }: { readonly title: string }) {
  const { totalUnread } = useInbox();
  useEffect(() => {
    document.title = totalUnread > 0 ? `(${totalUnread > 99 ? '99+' : totalUnread}) ${title}` : title;
  }, [totalUnread, title]);
  return null;
}
