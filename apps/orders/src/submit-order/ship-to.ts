import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isUuid } from '@peyvand/kernel';
import { hasControl } from '@peyvand/platform';
import { ValidateBy } from 'class-validator';

/** Where goods go: the id or the code of a registered place, or a place spelled out ({city, province, latitude, longitude}). */
export const ShipTo = (): PropertyDecorator => applyDecorators(
  ApiProperty({
    description: 'The id or the code of a registered place, or a place spelled out', example: 'DC-01',
    oneOf: [{ type: 'string', minLength: 1, maxLength: 200 }, {
      type: 'object', required: ['city', 'province', 'latitude', 'longitude'],
      properties: { placeId: { type: 'string', format: 'uuid' }, city: { type: 'string' }, province: { type: 'string' }, latitude: { type: 'number' }, longitude: { type: 'number' } },
    }],
  }),
  ValidateBy({ name: 'place', validator: { validate: isShipTo, defaultMessage: () => english } }, { context: { fa: persian, en: english } }),
);

const persian = 'باید شناسه یا کد محل باشد، یا محلی با city، province، latitude و longitude';
const english = 'must be the id or code of a place, or a place with city, province, latitude and longitude';

const fields = new Set(['placeId', 'city', 'province', 'latitude', 'longitude']);

const isShipTo = (value: unknown): boolean => {
  if (typeof value === 'string') return isWord(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { placeId, city, province, latitude, longitude } = value as Record<string, unknown>;
  return isWord(city) && isWord(province) && isWithin(latitude, 90) && isWithin(longitude, 180) && (placeId === undefined || (typeof placeId === 'string' && isUuid(placeId))) &&
    Object.keys(value).every((key) => fields.has(key));
};

const isWord = (value: unknown): boolean => typeof value === 'string' && value.trim().length > 0 && value.length <= 200 && !hasControl(value);
const isWithin = (value: unknown, most: number): boolean => typeof value === 'number' && Math.abs(value) <= most;
