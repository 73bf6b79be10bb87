import type { Caller } from '../api/api.js';
import { chance } from './scripts.js';
import { allOf, type ShipmentRow } from './rows.js';
import type { Duty } from './duty.js';

/** The carrier drives, and says when it stands at the door. */
export const carryingDuties = (desk: Caller): Duty[] => [
  {
    name: 'arrive',
    on: ['ShipmentDispatched'],
    list: async () => {
      const items = await allOf<ShipmentRow>(desk, '/api/delivery/shipments?status=dispatched');
      return items.map((shipment) => {
        const id = shipment.shipmentId;
        return { id, afterMs: 600 + chance(id, 'road') * 700, do: () => desk.send('POST', `/api/delivery/shipments/${id}/arrive`, {}, `arrive-${id}`) };
      });
    },
  },
];
