import { Drawer } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { KINDS } from './chapter-view.ts';
import { DescriptionCard } from './description-card.tsx';
import { PLURALS } from './kind-words.ts';
import type { CardsProps } from './margin.tsx';
import { readerMessages } from './messages/index.ts';
import classes from './panels.module.css';

/** The cards where there is no margin: a sheet from below, by kind. */
export function CardsSheet({
  isOpen,
  onClose,
  ...cards
}: CardsProps & { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useMessages(readerMessages);
  const { descriptions, lit } = cards;
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="bottom"
      size="70%"
      title={t('cards')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {KINDS.map((kind) => [kind, descriptions.filter((each) => each.kind === kind)] as const)
        .filter(([, ofKind]) => ofKind.length > 0)
        .map(([kind, ofKind]) => (
          <section key={kind}>
            <h3 className={classes['heading']}>{t(PLURALS[kind])}</h3>
            <ul className={classes['list']}>
              {ofKind.map((description) => (
                <li key={description.id}>
                  <DescriptionCard
                    {...cards}
                    description={description}
                    isLit={lit === description.id}
                    buttonRef={(button) => {
                      // The sheet was opened from this passage.
                      if (lit === description.id) button?.scrollIntoView({ block: 'center' });
                    }}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </Drawer>
  );
}
