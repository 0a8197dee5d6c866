import { defineConfig } from "@hey-api/openapi-ts";

// Types only: requests go through src/request.ts, which carries the command id and reads problem documents.
export default defineConfig({
  input: "openapi.json",
  output: "src/api",
  plugins: [{ name: "@hey-api/typescript", enums: false }],
});
