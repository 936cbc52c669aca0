/** Whose MOS the library shows: of cards, gap, interval and the words `mos:`, `gap:` and `ci:`. Told and chosen where there are several sets. */
import { Anchor, Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { useSettings } from '../../shared/use-settings.ts';
import classes from './toolbar.module.css';

/** The MOS set that is shown; undefined where there is none, or nothing is known yet. */
export function useShownMosSet() {
  const id = useQuery(orpc.library.info.queryOptions()).data?.mosSetId;
  return useQuery(orpc.mos.sets.queryOptions()).data?.find((set) => set.id === id);
}

/** Nothing where there are no two sets to choose from. */
export function ShownMos() {
  const shown = useShownMosSet();
  const sets = useQuery(orpc.mos.sets.queryOptions()).data?.filter(({ images }) => images > 0) ?? [];
  const [settings, change] = useSettings();
  if (shown === undefined || sets.length < 2) return null;
  const chosen = settings?.mosSetId ?? null;
  const choices = [
    { id: null, label: 'The newest, whichever it is', about: '' },
    ...sets.map(({ id, name, images, dimensions }) => ({
      ...{ id, label: name },
      about: ` · ${dimensions.join(', ')} · ${formatCount(images)} images`,
    })),
  ];
  return (
    <>
      <span aria-hidden="true">·</span>
      <Menu position="bottom-start" width={360}>
        <Menu.Target>
          <Anchor
            component="button"
            type="button"
            className={classes['whose']}
            fz="inherit"
            c="inherit"
            td="underline"
            title={shown.name}
          >
            MOS: {shown.name}
          </Anchor>
        </Menu.Target>
        <Menu.Dropdown mah="60dvh" style={{ overflow: 'auto' }}>
          {choices.map(({ id, label, about }) => (
            <Menu.RadioItem
              key={id}
              value={String(id)}
              checked={id === chosen}
              checkIcon={<IconCheck size={14} />}
              closeMenuOnClick
              onChange={() => change({ mosSetId: id })}
            >
              {label}
              {about}
            </Menu.RadioItem>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
