-- Tells that the dummy catalogue was loaded, so that what users then delete does not come back with the next release.
CREATE TABLE IF NOT EXISTS catalogue_mark (loaded_at timestamptz NOT NULL DEFAULT now());
