import { messagingControls } from './controls/messaging.mjs';
import { storeControls } from './controls/stores.mjs';
import { tamperControls } from './controls/tamper.mjs';

/** Parts of the platform that are wrong on purpose. A rig that lets one of them pass would prove nothing. They live here and nowhere else. */
export const controls = { ...messagingControls, ...storeControls, ...tamperControls };

/** Runs one control, or `all`; answers the exit code: 0 when what is whole passed and what is broken was caught, 2 when there is none of that name. */
export const runControl = async (name, seed, say = console.log) => {
  const chosen = name === 'all' ? Object.keys(controls) : [name];
  if (chosen.some((one) => !(one in controls))) {
    say(`There is no control "${name}". ${['all', ...Object.keys(controls)].join(' | ')}`);
    return 2;
  }
  let missed = 0;
  for (const one of chosen) {
    const { healthy, broken } = await controls[one].run({ seed });
    const good = healthy.length === 0 && broken.length > 0;
    if (!good) missed += 1;
    say(`${good ? 'caught' : 'MISSED'}  ${one}: ${controls[one].says}`);
    say(`          whole: ${healthy.join('; ') || 'all right'}`);
    say(`          broken: ${broken.join('; ') || 'nothing was noticed'}`);
  }
  return missed === 0 ? 0 : 1;
};
