import { EntitySchema } from 'typeorm';
import type { AppEnvironment } from './service.ts';

export interface OrganisationEntity {
  organisationId: string;
  name: string;
}

export interface AppEntity {
  appId: string;
  organisationId: string;
  name: string;
  environment: AppEnvironment;
  allowedOrigins: string[];
  createdAt: Date;
}

export interface ApiKeyEntity {
  appId: string;
  keyId: string;
  secret: string;
  label: string | null;
  lastFour: string;
  createdAt: Date;
  revokedAt: Date | null;
}

export const organisations = new EntitySchema<OrganisationEntity>({
  name: 'Organisation',
  tableName: 'organisations',
  columns: {
    organisationId: { name: 'organisation_id', type: 'text', primary: true },
    name: { type: 'text' },
  },
});

export const apps = new EntitySchema<AppEntity>({
  name: 'App',
  tableName: 'apps',
  columns: {
    appId: { name: 'app_id', type: 'text', primary: true },
    organisationId: { name: 'organisation_id', type: 'text' },
    name: { type: 'text' },
    environment: { type: 'text' },
    allowedOrigins: { name: 'allowed_origins', type: 'text', array: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const apiKeys = new EntitySchema<ApiKeyEntity>({
  name: 'ApiKey',
  tableName: 'api_keys',
  columns: {
    appId: { name: 'app_id', type: 'text', primary: true },
    keyId: { name: 'key_id', type: 'text', primary: true },
    secret: { type: 'text' },
    label: { type: 'text', nullable: true },
    lastFour: { name: 'last_four', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', nullable: true },
  },
});
