import { useEffect, useState } from 'react';
import { useChannelContext, useStrings } from '../provider/parley-context.ts';
import { shortNameOf } from '../strings.ts';
import { type Known, knownOf, type News, newsInWords, newsOf, noNews } from '../timeline/news.ts';
import { useMyId } from './use-me.ts';

/** Whoever listens hears the end of a sentence: what comes meanwhile is said together. */
const sayEveryMs = 1_000;
/** Nobody needs to hear of each pause in somebody's typing. */
const typingForMs = 2_000;
const typingAgainMs = 15_000;
/** Gone by then, so that the same words are heard when they come again. */
const forgetMs = 5_000;

type Timer = 'say' | 'typing' | 'forget';

/** What a screen reader shall say of the conversation that is open: new messages, what was sent or failed, who goes on typing. */
export function useAnnouncement(): string {
  const { channel } = useChannelContext();
  const strings = useStrings();
  const userId = useMyId();
  const [words, setWords] = useState('');

  useEffect(() => {
    let known: Known | null = null;
    let waiting: News = noNews;
    let typingSaidAt = Number.NEGATIVE_INFINITY;
    const timers = new Map<Timer, ReturnType<typeof setTimeout>>();
    const cancel = (timer: Timer) => {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
    };
    /** Unless it is to be done already. */
    const later = (timer: Timer, ms: number, work: () => void) => {
      if (timers.has(timer)) return;
      const run = () => {
        timers.delete(timer);
        work();
      };
      timers.set(timer, setTimeout(run, ms));
    };
    let saidAt = Number.NEGATIVE_INFINITY;
    const say = () => {
      const said = newsInWords(waiting, strings);
      waiting = noNews;
      if (said === '') return;
      saidAt = Date.now();
      setWords(said);
      cancel('forget');
      later('forget', forgetMs, () => setWords(''));
    };
    const add = (news: Partial<News>) => {
      waiting = {
        messages: [...waiting.messages, ...(news.messages ?? [])],
        failed: [...waiting.failed, ...(news.failed ?? [])],
        sent: waiting.sent || news.sent === true,
        typing: news.typing ?? waiting.typing,
      };
      later('say', Math.min(sayEveryMs, Math.max(0, saidAt + sayEveryMs - Date.now())), say);
    };

    const lookAtMessages = () => {
      const { items } = channel.messages.get();
      const { status, data } = channel.state.get();
      // What a channel opens with is no news. What comes while it is read is, and what it missed while the connection was lost.
      if (known !== null) {
        const news = newsOf(known, items, userId);
        if (news.sent || news.messages.length > 0 || news.failed.length > 0) add(news);
      }
      if (known !== null || status === 'live') known = knownOf(items, Math.max(known?.seq ?? 0, data?.seq ?? 0));
    };
    const lookAtTyping = () => {
      const typing = channel.typing.get();
      if (typing.length === 0) return cancel('typing');
      if (Date.now() < typingSaidAt + typingAgainMs) return;
      later('typing', typingForMs, () => {
        typingSaidAt = Date.now();
        add({ typing: channel.typing.get().map((user) => shortNameOf(user, strings)) });
      });
    };

    lookAtMessages();
    const unsubscribes = [
      channel.messages.subscribe(lookAtMessages),
      channel.state.subscribe(lookAtMessages),
      channel.typing.subscribe(lookAtTyping),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
      for (const timer of timers.keys()) cancel(timer);
    };
  }, [channel, strings, userId]);

  return words;
}
